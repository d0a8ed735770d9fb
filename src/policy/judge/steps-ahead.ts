import type { Pace } from "../limits/limit.ts";
import { limitFor } from "../limits/registry.ts";
import type { Observation } from "../observation.ts";
import type { LimitRule, Step } from "../policy.ts";
import { figuresOf, isAt } from "./judge.ts";
import { figureFor, plainStep } from "./weigh.ts";

/** A step that a run has not reached. */
export type Ahead = {
  readonly step: Step;
  /** The figure that reaches it, in the metric's own unit. */
  readonly value: number;
  /** In how many seconds that is, if all goes on as it does; absent where that can't be determined. */
  readonly inSecs?: number;
};

/**
 * The steps that a run has not reached, the lowest first, and when it would reach them: people are shown them at its present
 * pace, and the watch looks again by them at the fastest that is known. Nothing is decided by it.
 */
export function stepsAhead(
  rule: LimitRule,
  observation: Observation,
  now: Date,
  pace: Pace | undefined = limitFor(rule.limit.metric).pace?.(observation, rule.limit),
): readonly Ahead[] {
  const figures = figuresOf(rule, limitFor(rule.limit.metric), observation, now);
  // What grows by itself is of now; any other figure has grown since it was read.
  const ofSecs =
    pace?.clock === false
      ? (now.getTime() - (observation.costAt ?? observation.observedAt).getTime()) / 1000
      : 0;
  return rule.steps
    .filter((step) => !isAt(rule, step, figures))
    .map((step) => {
      const value = (step.at * rule.limit.value) / 100;
      const figure = figureFor(step, figures);
      const isTold = figure?.kind === "known" && pace !== undefined && pace.perSec > 0;
      return {
        step: plainStep(step),
        value,
        ...(isTold && { inSecs: Math.max(0, (value - figure.value) / pace.perSec - ofSecs) }),
      };
    });
}
