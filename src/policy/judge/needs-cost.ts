import { isTooYoung } from "../limits/limit.ts";
import { limitFor } from "../limits/registry.ts";
import type { Observation } from "../observation.ts";
import { isBudgetRule, type Policy, type Rule } from "../policy.ts";
import { isEnded } from "../run.ts";
import { groupOf } from "./budgets/spend-groups.ts";
import { covers, type Exemption } from "./guards.ts";
import { matchSelector, matchSpender } from "./selector.ts";

/** Does the rule, of this run, rest on what the run costs? */
function ruleRestsOnCost(rule: Rule, observation: Observation): boolean {
  const { run } = observation;
  if (isBudgetRule(rule))
    return (
      rule.budget.of === "usd" &&
      matchSpender(rule.for, observation).kind === "match" &&
      groupOf(rule, run) !== undefined
    );
  const { metric } = rule.limit;
  const limit = limitFor(metric);
  if (!limit.restsOnCost?.(metric) || !limit.judges(run.status)) return false;
  return matchSelector(rule.for, observation).kind === "match";
}

/** Does a promise not to stop the run end with what it costs? */
const hasCeiling = (policy: Policy, exemptions: readonly Exemption[], observation: Observation): boolean =>
  exemptions.some(
    (each) =>
      each.kind === "valid" &&
      each.ceilingMicroUsd !== undefined &&
      policy.rules.some(({ id }) => covers(each, id, observation)),
  );

/** The rules that judge the run by what it costs. */
export const rulesOnCost = (policy: Policy, observation: Observation): readonly string[] =>
  policy.rules.flatMap((rule) => (ruleRestsOnCost(rule, observation) ? [rule.id] : []));

/** Does anything hang on what the run costs: a rule, a budget, or a ceiling? */
export const restsOnCost = (
  policy: Policy,
  observation: Observation,
  exemptions: readonly Exemption[],
): boolean =>
  policy.rules.some((rule) => ruleRestsOnCost(rule, observation)) ||
  hasCeiling(policy, exemptions, observation);

/**
 * Must the run's detail be read for its cost? Where something rests on it, this look did not tell it, and the two minutes
 * are over in which that means nothing. The list may leave out what the detail tells (seen of
 * pay-per-event Actors of other people), so what is missing there is asked for before it counts as unknown.
 */
export function needsCost(
  policy: Policy,
  observation: Observation,
  exemptions: readonly Exemption[],
  now: Date,
): boolean {
  const { run, costAt } = observation;
  const isTold = run.usageTotalMicroUsd !== undefined && costAt === undefined;
  if (isTold || isEnded(run.status) || isTooYoung(observation, now)) return false;
  return restsOnCost(policy, observation, exemptions);
}
