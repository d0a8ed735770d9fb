import { limitFor } from "./limits/registry.ts";
import { basisOf, type LimitRule, type Step } from "./policy.ts";
import type { Observation } from "./run.ts";
import { figuresOf, isAt, plainStep } from "./verdict.ts";

/** A step that a run has not reached. */
export type Ahead = {
  readonly step: Step;
  /** The figure that reaches it, in the metric's own unit. */
  readonly value: number;
  /** In how many seconds that is, if all goes on as it does; absent where nobody can tell. */
  readonly inSecs?: number;
};

const HOUR_SECS = 3600;

/** How much of the metric's unit a second adds, where that is known. */
function perSecond({ limit: { metric } }: LimitRule, observation: Observation): number | undefined {
  const { run, measuredBurnMicroUsdPerHour, burnMicroUsdPerHour } = observation;
  if (metric === "usageTotalUsd") {
    const burn = measuredBurnMicroUsdPerHour ?? burnMicroUsdPerHour;
    return burn === undefined ? undefined : burn / HOUR_SECS;
  }
  if (metric === "runTime") return run.status === "RUNNING" ? 1 : undefined;
  return metric === "queueTime" || metric === "abortingTime" ? 1 : undefined;
}

/** The steps that a run has not reached, the lowest first. For people to look at: nothing is decided by it. */
export function stepsAhead(rule: LimitRule, observation: Observation, now: Date): readonly Ahead[] {
  const figures = figuresOf(rule, limitFor(rule.limit.metric), observation, now);
  const pace = perSecond(rule, observation);
  return rule.steps
    .filter((step) => !isAt(rule, step, figures))
    .map((step) => {
      const value = (step.at * rule.limit.value) / 100;
      const figure = figures.get(basisOf(step));
      const isTold = figure?.kind === "known" && pace !== undefined && pace > 0;
      return {
        step: plainStep(step),
        value,
        ...(isTold && { inSecs: Math.max(0, (value - figure.value) / pace) }),
      };
    });
}
