import { isBudgetRule, matchNamed, type Policy, type Rule } from "../../../policy/index.ts";
import type { Renamed } from "../../model/live.ts";
import { changedNames } from "../../observe/names.ts";
import type { Context } from "../context.ts";
import type { Reason } from "./amiss.ts";

/** So many at most, so that the live index stays small. */
const MOST = 50;

/** What was renamed or is gone under this policy: what this process knows, and what was remembered of the rest. */
export function renamedUnder({ amiss, ports }: Context, policyVersion: number): readonly Renamed[] {
  const { names } = ports.memory;
  const others = amiss.renamed.filter((each) => each.policyVersion === policyVersion && !names.has(each.key));
  return [...others, ...changedNames(names, policyVersion)].slice(0, MOST);
}

/** `actor#id` */
const partsOf = (key: string): readonly [kind: string, id: string] => {
  const at = key.indexOf("#");
  return [key.slice(0, at), key.slice(at + 1)];
};

/** What a rule loses by the new name, or would, in words. `others`: what else is called something now. */
function losses(rule: Rule, { key, from, to }: Renamed, others: readonly string[]): readonly string[] {
  const [kind, id] = partsOf(key);
  const patternsOf = ({ actors = [], tasks = [] }: NonNullable<Rule["for"]>["except"] & object) =>
    kind === "actor" ? actors : tasks;
  const takes = (patterns: readonly string[], name: string | undefined): boolean =>
    name !== undefined && matchNamed(patterns, id, name) === "match";
  const isLost = (patterns: readonly string[]): boolean => takes(patterns, from) && !takes(patterns, to);
  const [wanted, spared] = [patternsOf(rule.for ?? {}), patternsOf(rule.for?.except ?? {})];
  const nothing = !others.some((name) => matchNamed(wanted, "", name) === "match");
  const selects = `selects ${nothing ? "nothing" : "it no more"}`;
  const loses = isBudgetRule(rule)
    ? `budget ${rule.id} ${selects}, and keeps what was spent under the old name`
    : `rule ${rule.id} ${selects}`;
  return [
    ...(isLost(wanted) ? [loses] : []),
    ...(to !== undefined && isLost(spared)
      ? [`the exception of rule ${rule.id} holds under both names until a policy is pushed`]
      : []),
  ];
}

/** What fell out of a rule or would fall out of an exception, since what it names is called otherwise now, or is gone. */
export function ofRenamed({ amiss, ports }: Context, policy: Policy): readonly Reason[] {
  return amiss.renamed.flatMap((each): readonly Reason[] => {
    const [kind] = partsOf(each.key);
    const others = [...ports.memory.names].flatMap(([key, { name, unreadable }]) =>
      name !== undefined && unreadable !== "gone" && partsOf(key)[0] === kind ? [name] : [],
    );
    const lost = policy.rules.flatMap((rule) => losses(rule, each, others));
    if (lost.length === 0) return [];
    const what = each.to === undefined ? `${each.from} is gone` : `${each.from} is now ${each.to}`;
    return [{ id: `rename:${each.key}/${each.from}`, text: `${what}; ${lost.join("; ")}`, afterTicks: 1 }];
  });
}
