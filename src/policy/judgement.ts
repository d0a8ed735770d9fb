import { secsBetween } from "./limits/limit.ts";
import { limitFor } from "./limits/registry.ts";
import { basisOf, isBudgetRule, isLimitRule, type LimitRule, type Policy, type Rule } from "./policy.ts";
import type { Observation } from "./run.ts";
import { isActive, isStopping } from "./run.ts";
import { isOpen } from "./schedule.ts";
import { matchSelector } from "./selector.ts";
import { judge, type Verdict } from "./verdict.ts";

/** What one rule makes of one run, whether it applies to it or not; `because` names what keeps it from applying. */
export type Judgement =
  | { readonly rule: Rule; readonly applies: "yes"; readonly verdict: Verdict }
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
};

function judgesStatus(rule: Rule, status: string, underIntent: boolean): boolean {
  if (isBudgetRule(rule)) return isActive(status) || (underIntent && isStopping(status));
  const limit = limitFor(rule.limit.metric);
  return limit.judges(status) || (underIntent && isStopping(status) && limit.judges("RUNNING"));
}

/** What a run's group has spent is in the ledger, and nobody reads it yet. */
const unread = (): Verdict => ({
  kind: "unknown",
  metric: "budget",
  reason: "the ledger was not read",
  young: true,
});

function judgeBy(rule: Rule, observation: Observation, now: Date, underIntent: boolean): Judgement {
  const { status } = observation.run;
  if (!judgesStatus(rule, status, underIntent))
    return { rule, applies: "not-in-this-status", because: `status ${status}` };
  const match = matchSelector(rule.for, observation);
  if (match.kind !== "match") return { rule, applies: match.kind, because: match.because };
  if (rule.schedule && !isOpen(rule.schedule, now))
    return { rule, applies: "not-scheduled", because: "its schedule" };
  return { rule, applies: "yes", verdict: isBudgetRule(rule) ? unread() : judge(rule, observation, now) };
}

/** Every rule's view of one run, in the policy's order. */
export const judgeRun = (
  policy: Policy,
  observation: Observation,
  now: Date,
  { underIntent = false }: JudgeOptions = {},
): readonly Judgement[] => policy.rules.map((rule) => judgeBy(rule, observation, now, underIntent));

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

/** Can this run's judgement need figures that only its detail has? */
export const needsDetail = (policy: Policy, observation: Observation): boolean =>
  isActive(observation.run.status) &&
  policy.rules
    .filter(isLimitRule)
    .some(
      (rule) =>
        limitFor(rule.limit.metric).judges(observation.run.status) && ruleNeedsDetail(rule, observation),
    );
