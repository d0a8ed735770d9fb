import {
  type Criteria,
  isBudgetRule,
  matchNamed,
  type NamedKey,
  type Policy,
  type Rule,
} from "../../../policy/index.ts";
import type { PolicyInForce } from "../../model/control.ts";
import type { Renamed } from "../../model/live.ts";
import { changedNames } from "../../observe/names.ts";
import type { Context } from "../context.ts";
import type { Reason } from "./amiss.ts";

/** So many at most, so that the live index stays small. */
const MOST = 50;

/** `actor#id` */
const partsOf = (key: string): readonly [kind: string, id: string] => {
  const at = key.indexOf("#");
  return [key.slice(0, at), key.slice(at + 1)];
};

const keyOf = (kind: string): NamedKey =>
  kind === "actor" ? "actors" : kind === "task" ? "tasks" : "schedules";

/** The names in a rule that are of such a kind: what it is for, and what it spares. */
function patternsIn(rule: Rule, kind: string) {
  const of = (criteria: Criteria) => criteria[keyOf(kind)] ?? [];
  return { wanted: of(rule.for ?? {}), spared: of(rule.for?.except ?? {}) };
}

/** Does the new name, or that it is gone, take it out of what these names take? */
function isLost(patterns: readonly string[], { key, from, to }: Renamed): boolean {
  const [kind, id] = partsOf(key);
  const takes = (name: string | undefined): boolean =>
    name !== undefined && matchNamed(keyOf(kind), patterns, id, name) === "match";
  return takes(from) && !takes(to);
}

/** Has the rule lost an Actor, a task or a schedule that is called otherwise now, or is gone? */
export const hasLost = (rule: Rule, renamed: readonly Renamed[]): boolean =>
  renamed.some((each) => isLost(patternsIn(rule, partsOf(each.key)[0]).wanted, each));

/** Of what is gone, no rule spares anything. */
const touches = (rule: Rule, each: Renamed): boolean => {
  const { wanted, spared } = patternsIn(rule, partsOf(each.key)[0]);
  return isLost(wanted, each) || (each.to !== undefined && isLost(spared, each));
};

/**
 * What was renamed or is gone under this policy, as far as it has to do with a rule: what this process knows, and what was
 * remembered of the rest.
 */
export function renamedUnder(
  { amiss, ports }: Context,
  { policy, version }: Pick<PolicyInForce, "policy" | "version">,
): readonly Renamed[] {
  const { names } = ports.memory;
  const others = amiss.renamed.filter((each) => each.policyVersion === version && !names.has(each.key));
  const touching = [...others, ...changedNames(names, version)].filter((each) =>
    policy.rules.some((rule) => touches(rule, each)),
  );
  return touching.slice(0, MOST);
}

/** What else is called something now, by kind. */
function calledNow({ names }: Context["ports"]["memory"]): ReadonlyMap<string, ReadonlySet<string>> {
  const called = new Map<string, Set<string>>();
  for (const [key, { name, unreadable }] of names) {
    if (name === undefined || unreadable === "gone") continue;
    const [kind] = partsOf(key);
    called.set(kind, (called.get(kind) ?? new Set()).add(name));
  }
  return called;
}

/** What a rule loses, or would, in words. `selectsAny`: does it select anything else of that kind? */
function losses(rule: Rule, each: Renamed, selectsAny: (rule: Rule, kind: string) => boolean) {
  const [kind] = partsOf(each.key);
  const { wanted, spared } = patternsIn(rule, kind);
  const found: string[] = [];
  if (isLost(wanted, each)) {
    const selects = `selects ${selectsAny(rule, kind) ? "it no more" : "nothing"}`;
    found.push(
      isBudgetRule(rule)
        ? `budget ${rule.id} ${selects}, and keeps what was spent under the old name`
        : `rule ${rule.id} ${selects}`,
    );
  }
  if (each.to !== undefined && isLost(spared, each))
    found.push(`the exception of rule ${rule.id} holds under both names until a policy is pushed`);
  return found;
}

/** What fell out of a rule or would fall out of an exception, since what it names is called otherwise now, or is gone. */
export function ofRenamed({ amiss, ports }: Context, policy: Policy): readonly Reason[] {
  if (amiss.renamed.length === 0) return [];
  const called = calledNow(ports.memory);
  // Names may be thousands: each rule is held against all of them once at most.
  const known = new Map<string, boolean>();
  const selectsAny = (rule: Rule, kind: string): boolean => {
    const key = `${kind} ${rule.id}`;
    const { wanted } = patternsIn(rule, kind);
    const any =
      known.get(key) ??
      [...(called.get(kind) ?? [])].some((name) => matchNamed(keyOf(kind), wanted, "", name) === "match");
    known.set(key, any);
    return any;
  };
  return amiss.renamed.flatMap((each): readonly Reason[] => {
    const [kind] = partsOf(each.key);
    // Created again: the rule has the new one.
    if (each.to === undefined && called.get(kind)?.has(each.from)) return [];
    const lost = policy.rules.flatMap((rule) => losses(rule, each, selectsAny));
    if (lost.length === 0) return [];
    const what = each.to === undefined ? `${each.from} is gone` : `${each.from} is now ${each.to}`;
    return [{ id: `rename:${each.key}/${each.from}`, text: `${what}; ${lost.join("; ")}`, afterTicks: 1 }];
  });
}
