import { MOST_ABORTS } from "../policy.ts";
import { isObject } from "../values/forms.ts";
import { shareHint } from "../values/hints.ts";
import type { Problem } from "./errors.ts";
import { show } from "./problems.ts";
import { NAME_OR_ID } from "./schema/criteria.ts";
import { runsUpTo } from "./schema/schema.ts";

/**
 * What is read but mostly not meant, and so refused of a policy that is written today. One that was pushed before it was
 * refused goes on to be read.
 */

type Path = Problem["path"];

function* ofGuards(guards: unknown): Generator<Problem> {
  const maxAborts = isObject(guards) && isObject(guards.maxAborts) ? guards.maxAborts : {};
  const path = ["guards", "maxAborts"];
  for (const [guard, most] of Object.entries(MOST_ABORTS)) {
    const value = maxAborts[guard];
    if (Number.isSafeInteger(value) && Number(value) > most)
      yield { path: [...path, guard], got: show(value), expected: runsUpTo(most) };
  }
  const { percentOfLive: share } = maxAborts;
  if (typeof share === "number" && share > 0 && share < 1) {
    const meant = shareHint(share)?.replace(/(\S+)%$/, "$1 or $1%");
    yield {
      path: [...path, "percentOfLive"],
      got: show(share),
      expected: `a percentage from 0 to 100; ${meant}`,
    };
  }
}

/** Apify's ids, as every one that was seen is written. */
const ID = /^[A-Za-z0-9]{17}$/;
const BARE = /^[\w.*-]*[\w.-][\w.*-]*$/;

const listIn = (criteria: unknown, key: "actors" | "tasks"): readonly unknown[] => {
  const list = isObject(criteria) ? criteria[key] : undefined;
  return Array.isArray(list) ? list : [];
};

/** The owner of all Actors and tasks that the document names, if it is one. */
function ownerIn(selectors: readonly unknown[]): string | undefined {
  const names = selectors.flatMap((each) => [...listIn(each, "actors"), ...listIn(each, "tasks")]);
  const owners = names.flatMap((name) =>
    typeof name === "string" ? (/^([\w.-]+)[/~]/.exec(name)?.[1] ?? []) : [],
  );
  const [owner, ...others] = new Set(owners);
  return others.length === 0 ? owner : undefined;
}

function* ofNames(criteria: unknown, path: Path, owner: string | undefined): Generator<Problem> {
  for (const key of ["actors", "tasks"] as const) {
    for (const [index, name] of listIn(criteria, key).entries()) {
      if (typeof name !== "string" || !BARE.test(name) || ID.test(name)) continue;
      const meant = owner
        ? `did you mean ${owner}/${name}?`
        : `did you mean acme/${name}, with its owner in the place of acme?`;
      yield { path: [...path, key, index], got: show(name), expected: `${NAME_OR_ID}; ${meant}` };
    }
  }
}

function* ofSelector(selector: unknown, path: Path, owner: string | undefined): Generator<Problem> {
  if (!isObject(selector)) return;
  const { except } = selector;
  const isEmpty = (criteria: unknown): boolean => isObject(criteria) && Object.keys(criteria).length === 0;
  if (isEmpty(selector))
    yield {
      path,
      got: "{}",
      expected: "a key that selects, for example actors; leave for out to select every run",
    };
  if (isEmpty(except))
    yield {
      path: [...path, "except"],
      got: "{}",
      expected: "a key that excepts, for example actors; leave except out to except none",
    };
  yield* ofNames(selector, path, owner);
  yield* ofNames(except, [...path, "except"], owner);
}

/** Whatever else is wrong with the document. */
export function slipsIn(document: unknown): readonly Problem[] {
  if (!isObject(document)) return [];
  const rules: readonly unknown[] = Array.isArray(document.rules) ? document.rules : [];
  const selectors = rules.map((rule) => (isObject(rule) ? rule.for : undefined));
  const owner = ownerIn(selectors.flatMap((each) => [each, isObject(each) ? each.except : undefined]));
  return [
    ...ofGuards(document.guards),
    ...selectors.flatMap((each, index) => [...ofSelector(each, ["rules", index, "for"], owner)]),
  ];
}
