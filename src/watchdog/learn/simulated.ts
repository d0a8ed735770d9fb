import {
  type Criteria,
  formatCount,
  isBudgetRule,
  matchSelector,
  metricWords,
  type Policy,
  type Rule,
  type RunSettings,
} from "../../policy/index.ts";
import type { Replayed } from "./looks.ts";
import type { Past } from "./past.ts";

/** What of a policy can be replayed on what is known of runs that ended, and why not the rest. */
export type Simulated = {
  readonly policy: Policy;
  readonly notSimulated: readonly string[];
};

/** What a rule rests on, in words, and whether it is known of a run. */
type Need = { readonly what: string; readonly isKnown: (past: Past) => boolean };

const setting =
  (key: keyof RunSettings): Need["isKnown"] =>
  ({ run }) =>
    run.settings?.[key] !== undefined;

const isWatched: Need["isKnown"] = ({ watched }) => watched !== undefined;
const always: Need["isKnown"] = () => true;

/** What lists tell of a run that ended, and what is recorded of one besides. */
const TOLD: Readonly<Record<string, Need["isKnown"]>> = {
  usageTotalUsd: always,
  runTime: always,
  "timesTypical.usd": always,
  "timesTypical.runTime": always,
  queueTime: isWatched,
  abortingTime: isWatched,
  noTimeout: setting("timeoutSecs"),
  timeout: setting("timeoutSecs"),
  noCap: setting("pricingModel"),
};

const SETTINGS = { memory: "memoryMbytes", builds: "buildNumber", pricingModels: "pricingModel" } as const;

/** What must be known of a run for the rule to say anything of it; `undefined`: what is known of none. */
export function needsOf(rule: Rule): readonly Need[] {
  const needs: Criteria = { ...rule.for, ...rule.for?.except };
  const keys = (Object.keys(SETTINGS) as (keyof typeof SETTINGS)[]).filter((key) => needs[key] !== undefined);
  const bySettings = keys.map((key): Need => ({ what: key, isKnown: setting(SETTINGS[key]) }));
  if (isBudgetRule(rule)) return bySettings;
  const { metric } = rule.limit;
  return [{ what: metricWords(metric), isKnown: TOLD[metric] ?? (() => false) }, ...bySettings];
}

function whyNot(rule: Rule, runs: readonly Past[]): string | undefined {
  if (rule.schedule || rule.steps.some(({ schedule }) => schedule)) return "it applies at certain hours only";
  if (isBudgetRule(rule) && rule.budget.per === "cycle")
    return "Apify's usage cycles of before are not known";
  if (isBudgetRule(rule) && rule.budget.of !== "usd") return `budgets in ${rule.budget.of} are not replayed`;
  const none = needsOf(rule).find(({ isKnown }) => (isKnown === always ? false : !runs.some(isKnown)));
  return none && `${none.what} of runs that ended is not known`;
}

/** Of how many runs that the rule may select what it rests on is not known, where it is of others. */
const unknownTo = (rule: Rule, runs: readonly Replayed[]): readonly string[] =>
  needsOf(rule).flatMap(({ what, isKnown }) => {
    const isUnknown = (past: Replayed): boolean =>
      !isKnown(past) && matchSelector(rule.for, past).kind !== "no";
    const unknown = isKnown === always ? 0 : runs.filter(isUnknown).length;
    return unknown > 0 ? [`rule ${rule.id}: ${what} of ${formatCount(unknown, "run")} is not known`] : [];
  });

/** Only what is spent in fact: estimates and projections are of the time when they are made. */
function actual(rule: Rule): { readonly rule?: Rule; readonly dropped: number } {
  const steps = rule.steps.filter(({ basis = "actual" }) => basis === "actual");
  const dropped = rule.steps.length - steps.length;
  return { dropped, ...(steps.length > 0 && { rule: { ...rule, steps } }) };
}

/** How many may be stopped at once is of the moment, too: each stop is one of its own here. */
const NO_CAPS = { perTick: 1_000, perHour: 10_000, percentOfLive: 100 } as const;

export function simulated(policy: Policy, runs: readonly Replayed[]): Simulated {
  const notSimulated: string[] = [];
  const rules = policy.rules.flatMap((each) => {
    const why = whyNot(each, runs);
    if (why !== undefined) {
      notSimulated.push(`rule ${each.id}: ${why}`);
      return [];
    }
    const { rule, dropped } = actual(each);
    if (dropped > 0)
      notSimulated.push(`rule ${each.id}: its steps on estimates, projections or Apify's own figure`);
    if (rule) notSimulated.push(...unknownTo(rule, runs));
    return rule ?? [];
  });
  return { policy: { ...policy, rules, guards: { ...policy.guards, maxAborts: NO_CAPS } }, notSimulated };
}
