import { costPace } from "../limits/limit.ts";
import { limitFor } from "../limits/registry.ts";
import type { Observation } from "../observation.ts";
import { isLimitRule, type Policy } from "../policy.ts";
import type { LedgerView } from "../spend/ledger-view.ts";
import type { BudgetStanding } from "./budgets/budgets.ts";
import { secondLookAt } from "./judge.ts";
import { type Judgement, type JudgeOptions, judgeRun } from "./judgement.ts";
import { stepsAhead } from "./steps-ahead.ts";

/** When a step may be reached that is not reached yet: the moment to look again. */

const at = (from: Date, secs: number): Date => new Date(from.getTime() + Math.ceil(secs * 1000));

/** At the fastest rate that is known: who waits for it looks in time rather than late. */
function hurried(observation: Observation): Observation {
  const { burnMicroUsdPerHour = 0, peakBurnMicroUsdPerHour = 0 } = observation;
  const fastest = Math.max(burnMicroUsdPerHour, peakBurnMicroUsdPerHour);
  return { ...observation, measuredBurnMicroUsdPerHour: Number.isFinite(fastest) ? fastest : 0 };
}

function ofJudgement(judgement: Judgement, observation: Observation, now: Date): readonly Date[] {
  const { rule } = judgement;
  if (judgement.applies !== "yes" || !isLimitRule(rule) || judgement.verdict.kind === "unknown") return [];
  const pace = limitFor(rule.limit.metric).pace?.(hurried(observation), rule.limit);
  const ahead = pace ? stepsAhead(rule, observation, now, pace) : [];
  const steps = ahead.flatMap(({ inSecs }) => (inSecs === undefined ? [] : [at(now, inSecs)]));
  const waits = judgement.verdict.waiting.some((each) => each.for === "a second look");
  return waits ? [...steps, ...secondLookAt(rule, observation)] : steps;
}

const earliest = (instants: readonly Date[]): Date | undefined =>
  instants.length > 0 ? new Date(Math.min(...instants.map((each) => each.getTime()))) : undefined;

/**
 * The earliest instant at which any step of any rule could be reached by a run, if it goes on as it does: exact for limits
 * on time, from its burn rate for money. `undefined` when nobody can tell. Budgets aside.
 */
export const nextInstant = (
  policy: Policy,
  observation: Observation,
  now: Date,
  options: JudgeOptions = {},
): Date | undefined =>
  earliest(
    judgeRun(policy, observation, now, options).flatMap((each) => ofJudgement(each, observation, now)),
  );

/**
 * The same of a budget: from what its group has spent, and the burn rates of its live runs. `judged`: what it had
 * spent when it was judged last; a step that was reached since is due at once.
 */
export function nextBudgetInstant(
  { rule, spent, place }: BudgetStanding,
  live: readonly Observation[],
  { readAt }: Pick<LedgerView, "readAt">,
  judged = spent,
): Date | undefined {
  const bounds = rule.steps
    .filter(({ basis }) => basis === undefined)
    .map((step) => (step.at * rule.budget.limit) / 100)
    .filter((bound) => bound > judged);
  if (bounds.some((bound) => bound <= spent)) return readAt;
  // When a run starts or fails next can't be foreseen.
  if (rule.budget.of !== "usd") return undefined;
  const perSec = live.reduce((sum, each) => sum + (costPace(hurried(each))?.perSec ?? 0), 0);
  if (perSec <= 0) return undefined;
  const next = earliest(bounds.map((bound) => at(readAt, (bound - spent) / perSec)));
  return next && next < place.to ? next : undefined;
}
