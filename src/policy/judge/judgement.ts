import { secsBetween } from "../limits/limit.ts";
import { limitFor } from "../limits/registry.ts";
import type { Observation } from "../observation.ts";
import {
  type BudgetRule,
  basisOf,
  isBudgetRule,
  isLimitRule,
  type LimitRule,
  type Policy,
  type Rule,
} from "../policy.ts";
import { isActive, isStopping } from "../run.ts";
import { isOpen } from "../values/schedule.ts";
import { type BudgetGuard, type BudgetStandings, standingFor } from "./budgets/budgets.ts";
import { judge } from "./judge.ts";
import { matchSelector } from "./selector.ts";
import type { Verdict } from "./verdict.ts";

/** What one rule makes of one run, whether it applies to it or not; `because` names what keeps it from applying. */
export type Judgement =
  | {
      readonly rule: Rule;
      readonly applies: "yes";
      readonly verdict: Verdict;
      /** Of a budget: why it may stop nothing now. */
      readonly guard?: BudgetGuard;
    }
  | {
      readonly rule: Rule;
      readonly applies: "no" | "unresolved" | "untold" | "not-in-this-status" | "not-scheduled";
      readonly because: string;
    };

export type JudgeOptions = {
  /**
   * The run has an open intent: while it drains, ABORTING is judged as RUNNING would be, so that escalation
   * still asks whether the policy condemns the run.
   */
  readonly underIntent?: boolean;
  /** Where the budgets stand. Absent: the ledger was not read, and they judge nothing. */
  readonly budgets?: BudgetStandings | undefined;
};

function judgesStatus(rule: Rule, status: string, underIntent: boolean): boolean {
  if (isBudgetRule(rule)) return isActive(status) || (underIntent && isStopping(status));
  const limit = limitFor(rule.limit.metric);
  return limit.judges(status) || (underIntent && isStopping(status) && limit.judges("RUNNING"));
}

/** What the budget of the run's group says. The notices of a budget are about it, and not about each of its runs. */
function judgeByBudget(
  rule: BudgetRule,
  { run }: Observation,
  standings: BudgetStandings | undefined,
): Judgement {
  const standing = standingFor(rule, run, standings);
  if (standing === undefined)
    return { rule, applies: "no", because: `it is in no budget of ${rule.budget.each}` };
  if ("kind" in standing) return { rule, applies: "yes", verdict: standing };
  const { verdict, guard } = standing;
  return { rule, applies: "yes", verdict, ...(guard && { guard }) };
}

function judgeBy(
  rule: Rule,
  observation: Observation,
  now: Date,
  { underIntent = false, budgets }: JudgeOptions,
): Judgement {
  const { status } = observation.run;
  if (!judgesStatus(rule, status, underIntent))
    return { rule, applies: "not-in-this-status", because: `status ${status}` };
  const match = matchSelector(rule.for, observation);
  if (match.kind !== "match") return { rule, applies: match.kind, because: match.because };
  if (rule.schedule && !isOpen(rule.schedule, now))
    return { rule, applies: "not-scheduled", because: "its schedule" };
  if (isBudgetRule(rule)) return judgeByBudget(rule, observation, budgets);
  return { rule, applies: "yes", verdict: judge(rule, observation, now) };
}

/** Every rule's view of one run, in the policy's order. */
export const judgeRun = (
  policy: Policy,
  observation: Observation,
  now: Date,
  options: JudgeOptions = {},
): readonly Judgement[] => policy.rules.map((rule) => judgeBy(rule, observation, now, options));

/** For so long after a start, what a detail did not tell of the settings may come with another one. */
const SETTLING_SECS = 600;

/** No detail was read yet, or one that did not tell all, as of a run in the queue, which may not have its build yet. */
function maySettle({ run, life, observedAt }: Observation): boolean {
  if (run.settings === undefined) return true;
  const start = run.status === "READY" ? life.since : (life.readyUntil ?? life.since);
  return secsBetween(start, observedAt) < SETTLING_SECS;
}

/** Does judging this run by this rule take what only its detail has, and what is not known of it yet? */
function ruleNeedsDetail(rule: LimitRule, observation: Observation): boolean {
  const limit = limitFor(rule.limit.metric);
  const match = matchSelector(rule.for, observation).kind;
  if (match === "untold") return maySettle(observation);
  if (match !== "match") return false;
  if (limit.needs === "detail" || rule.steps.some((step) => basisOf(step) === "estimate")) return true;
  if (limit.needs !== "settings") return false;
  const figure = limit.measure(observation, rule.limit, observation.observedAt, "actual");
  return figure.kind === "unknown" && maySettle(observation);
}

/** Does the policy ask whose Actors runs are of? What is estimated of a run hangs on it. */
export const needsOwners = ({ rules }: Policy): boolean =>
  rules.filter(isLimitRule).some(({ steps }) => steps.some((step) => basisOf(step) === "estimate"));

/** Can this run's judgement need figures that only its detail has? */
export const needsDetail = (policy: Policy, observation: Observation): boolean =>
  isActive(observation.run.status) &&
  policy.rules
    .filter(isLimitRule)
    .some(
      (rule) =>
        limitFor(rule.limit.metric).judges(observation.run.status) && ruleNeedsDetail(rule, observation),
    );
