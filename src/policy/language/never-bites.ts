import { limitFor, plainFigure, unitOf } from "../limits/registry.ts";
import {
  type Budget,
  type BudgetRule,
  basisOf,
  isBudgetRule,
  isLimitRule,
  isStop,
  type LimitRule,
  modeOf,
  type Period,
  type Policy,
  type Rule,
} from "../policy.ts";
import { formatDuration } from "../values/duration.ts";
import { budgetWords } from "./budget-words.ts";
import { selectsAll } from "./excepts-all.ts";

/**
 * Rules whose stops can't come, for another rule stops the same runs before. Only what is certain while both are in force: a
 * stop that a schedule, another basis or another mode keeps from coming first is none.
 */

/** The rule that comes first, and the place of what never bites. */
export type Forestalled = { readonly path: readonly string[]; readonly warning: string };

/** The lowest share at which the rule stops, whatever that rests on. */
const lowestStop = ({ steps }: Rule): number | undefined => steps.find(isStop)?.at;

/** The lowest share at which it stops for certain. */
const surestStop = ({ steps, schedule }: Rule): number | undefined =>
  schedule
    ? undefined
    : steps.find((step) => isStop(step) && !step.schedule && basisOf(step) === "actual")?.at;

const isForced = ({ steps }: Rule): boolean => steps.some((step) => step.do === "abort-now");

/** Of which windows each lies within one of the other, whole: a usage cycle begins when Apify says, at any time of day. */
const WITHIN: Readonly<Record<Period, readonly Period[]>> = {
  hour: ["hour", "day", "week", "month"],
  day: ["day", "week", "month"],
  week: ["week"],
  month: ["month"],
  cycle: ["cycle"],
};

/** Is every group of the one a part of some group of the other? A task is of one Actor. */
const isPartOf = (one: Budget, other: Budget): boolean =>
  other.each === "account" || other.each === one.each || (other.each === "actor" && one.each === "task");

/** Does a stop of the one rule come before any of the other, of every run that the other is for? */
function comesFirst(policy: Policy, first: Rule, rule: Rule): boolean {
  if (first.id === rule.id || !selectsAll(first.for, rule.for)) return false;
  if (modeOf(policy, first) === "observe" && modeOf(policy, rule) === "enforce") return false;
  return isForced(first) || !isForced(rule);
}

function ofBudget(policy: Policy, rule: BudgetRule): Forestalled | undefined {
  const lowest = lowestStop(rule);
  if (lowest === undefined || rule.steps.some((step) => isStop(step) && basisOf(step) !== "actual"))
    return undefined;
  const bound = lowest * rule.budget.limit;
  const parent = policy.rules.filter(isBudgetRule).find((each) => {
    const surest = surestStop(each);
    return (
      surest !== undefined &&
      each.budget.of === rule.budget.of &&
      WITHIN[rule.budget.per].includes(each.budget.per) &&
      isPartOf(rule.budget, each.budget) &&
      surest * each.budget.limit < bound &&
      comesFirst(policy, each, rule)
    );
  });
  if (parent === undefined) return undefined;
  const warning = `it has no effect: ${parent.id} (${budgetWords(parent.budget)}) stops the same runs before; lower this one or raise that`;
  return { path: ["budget", rule.budget.of], warning };
}

const sameOptions = (a: LimitRule, b: LimitRule): boolean =>
  JSON.stringify(a.limit.options ?? {}) === JSON.stringify(b.limit.options ?? {});

/** A run has done nothing for at most as long as it has been running. */
const isAtMost = (one: LimitRule, other: LimitRule): boolean =>
  (one.limit.metric === other.limit.metric && sameOptions(one, other)) ||
  (one.limit.metric === "idleTime" && other.limit.metric === "runTime");

const figureOf = ({ limit: { metric, value } }: LimitRule): string => {
  const unit = unitOf(metric);
  return unit === "secs" ? formatDuration(value) : String(plainFigure(unit, value));
};

/** The longest timeout that Actors were seen to come with: seven days. */
const LONGEST_TIMEOUT_SECS = 604_800;

function ofLimit(policy: Policy, rule: LimitRule): Forestalled | undefined {
  const { metric, value } = rule.limit;
  const lowest = lowestStop(rule);
  const path = ["limit", limitFor(metric).usage.includes("<") ? metric : (metric.split(".")[0] ?? metric)];
  const beyond = (lowest ?? rule.steps[0]?.at ?? 100) * value > LONGEST_TIMEOUT_SECS * 100;
  if (metric === "runTime" && beyond) {
    const warning = `${formatDuration(LONGEST_TIMEOUT_SECS)} is the longest timeout that Actors at Apify come with, so it stops no run except one without a timeout, or with one that somebody raised`;
    return { path, warning };
  }
  if (lowest === undefined || rule.steps.some((step) => isStop(step) && basisOf(step) !== "actual"))
    return undefined;
  const first = policy.rules.filter(isLimitRule).find((each) => {
    const surest = surestStop(each);
    return (
      surest !== undefined &&
      isAtMost(rule, each) &&
      surest * each.limit.value < lowest * value &&
      comesFirst(policy, each, rule)
    );
  });
  if (first === undefined) return undefined;
  const warning = `it has no effect: ${first.id} (${first.limit.metric} ${figureOf(first)}) stops the same runs before; lower this one or raise that`;
  return { path, warning };
}

/** Why the stops of a rule never come, if so. */
export const neverBites = (policy: Policy, rule: Rule): Forestalled | undefined =>
  isBudgetRule(rule) ? ofBudget(policy, rule) : ofLimit(policy, rule);
