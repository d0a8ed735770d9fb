import { isBudgetRule, metricWords, type Policy, type Rule } from "../../policy/index.ts";

/** What of a policy can be replayed on what is known of runs that ended, and why not the rest. */
export type Simulated = {
  readonly policy: Policy;
  readonly notSimulated: readonly string[];
};

/** What lists and records tell of a run that ended. */
const TOLD: readonly string[] = ["usageTotalUsd", "runTime"];

function whyNot(rule: Rule): string | undefined {
  if (rule.schedule || rule.steps.some(({ schedule }) => schedule)) return "it applies at certain hours only";
  if (!isBudgetRule(rule) && !TOLD.includes(rule.limit.metric))
    return `${metricWords(rule.limit.metric)} of runs that ended is not known`;
  if (isBudgetRule(rule) && rule.budget.per === "cycle")
    return "Apify's usage cycles of before are not known";
  const needs = rule.for && { ...rule.for, ...rule.for.except };
  const key = (["memory", "builds", "pricingModels"] as const).find((each) => needs?.[each] !== undefined);
  return key && `${key} of runs that ended is not always known`;
}

/** Only what is spent in fact: estimates and projections are of the time when they are made. */
function actual(rule: Rule): { readonly rule?: Rule; readonly dropped: number } {
  const steps = rule.steps.filter(({ basis = "actual" }) => basis === "actual");
  const dropped = rule.steps.length - steps.length;
  return { dropped, ...(steps.length > 0 && { rule: { ...rule, steps } }) };
}

/** How many may be stopped at once is of the moment, too: each stop is one of its own here. */
const NO_CAPS = { perTick: 1_000, perHour: 10_000, percentOfLive: 100 } as const;

export function simulated(policy: Policy): Simulated {
  const notSimulated: string[] = [];
  const rules = policy.rules.flatMap((each) => {
    const why = whyNot(each);
    if (why !== undefined) {
      notSimulated.push(`rule ${each.id}: ${why}`);
      return [];
    }
    const { rule, dropped } = actual(each);
    if (dropped > 0)
      notSimulated.push(`rule ${each.id}: its steps on estimates, projections or Apify's own figure`);
    return rule ?? [];
  });
  return { policy: { ...policy, rules, guards: { ...policy.guards, maxAborts: NO_CAPS } }, notSimulated };
}
