import { type Decision, isLimitRule, isStop, type MicroUsd, type Policy } from "../../policy/index.ts";
import { type KnownCost, leastAt, mostAt, overshootOf, type Pace, STOPS_WITHIN_MS } from "./known-cost.ts";
import type { Replayed } from "./looks.ts";
import { judgedAgainAt } from "./unjudged.ts";

export type Stop = {
  readonly at: number;
  readonly decision: Decision;
  /** What it had cost by the time it had ended: in micro-dollars, at this pace. */
  readonly spent: MicroUsd;
};

const COST = "usageTotalUsd";

/** At which cost each rule on it stops a run first: its lowest such step, whichever is reached when the cost is next known. */
export const firstStops = ({ rules }: Policy): ReadonlyMap<string, MicroUsd> =>
  new Map(
    rules.filter(isLimitRule).flatMap(({ id, limit, steps }) => {
      const first = steps.find(isStop);
      return first && limit.metric === COST ? [[id, Math.ceil((first.at * limit.value) / 100)] as const] : [];
    }),
  );

/**
 * What a run comes to that is stopped then, at this pace. On its cost it is stopped by the step that it reaches first, unless
 * no rule could judge it by then.
 */
export function spentBy(
  of: Replayed,
  { at, decision }: Omit<Stop, "spent">,
  pace: Pace,
  firsts: ReadonlyMap<string, MicroUsd>,
): MicroUsd {
  const { cost } = of;
  if (cost === undefined) return 0;
  const isOnCost = decision.evidence.metric === COST && !judgedAgainAt(of, pace).includes(at);
  const steps = [decision, ...decision.also].flatMap(({ ruleId }) => firsts.get(ruleId) ?? []);
  const reached = isOnCost ? Math.min(...steps) : leastAt(cost, at);
  if (pace === "late") return Math.min(cost.final, reached);
  return isOnCost ? Math.min(cost.final, reached + overshootOf(cost)) : mostBy(cost, at);
}

/** What it can at most have cost by the time that a stop then has taken. */
function mostBy(cost: KnownCost, at: number): MicroUsd {
  const isKnown = cost.points.some((point) => point.at === at);
  const bound = isKnown ? leastAt(cost, at) + overshootOf(cost) : cost.final;
  return Math.min(mostAt(cost, at + STOPS_WITHIN_MS), bound);
}

/** The same of any pace: a late one has the least that it spends, by the time that others would have stopped it. */
export function mostSpentBy({ cost, ...of }: Replayed, { at, decision, spent }: Stop): MicroUsd {
  const isByCost = decision.evidence.metric === COST && !judgedAgainAt(of, "late").includes(at);
  return cost === undefined || isByCost ? spent : Math.max(spent, mostBy(cost, at));
}

/** How far a budget is beyond its step: by so much less it would have stopped as well. Of other rules all can be taken back. */
export function overBudget({ step, evidence: { budget, measured, limit } }: Decision): MicroUsd {
  return budget === undefined ? Number.POSITIVE_INFINITY : Math.max(0, measured - (step.at * limit) / 100);
}
