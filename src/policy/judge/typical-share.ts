import { limitFor } from "../limits/registry.ts";
import { isStop, type LimitRule } from "../policy.ts";
import type { Run } from "../run.ts";
import { typicalOf } from "./typical.ts";

/** Of so many runs that succeeded, and could be measured, how many a stop would have ended. */
export type TypicalShare = { readonly ended: number; readonly of: number };

/** The least share of the limit at which the rule stops. `undefined`: it stops nothing, or is on something else. */
export function stopsAtTimes({ limit, steps }: LimitRule): number | undefined {
  const stops = steps.filter(isStop).map(({ at }) => at);
  if (!limit.metric.startsWith("timesTypical") || stops.length === 0) return undefined;
  return (limit.value * Math.min(...stops)) / 100;
}

/**
 * How many of the successes of one task or Actor a rule's stop on `timesTypical` would have ended, measured at their end
 * against what is typical by all of them. Those that a stop ended are not among them, so it is no more than a lower bound.
 */
export function typicalShare(rule: LimitRule, successes: readonly Run[], readAt: Date): TypicalShare {
  const times = stopsAtTimes(rule);
  if (times === undefined) return { ended: 0, of: 0 };
  const typical = typicalOf(successes, readAt);
  const limit = limitFor(rule.limit.metric);
  const figures = successes.flatMap((run) => {
    const { startedAt: since, finishedAt } = run;
    if (finishedAt === undefined) return [];
    const life = { number: 0, since, looks: {} };
    const observation = { run, observedAt: finishedAt, source: "list" as const, life, typical };
    const figure = limit.measure(observation, rule.limit, finishedAt, "actual");
    return figure.kind === "known" ? [figure.value] : [];
  });
  return { ended: figures.filter((value) => value >= times).length, of: figures.length };
}
