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
  /** In how many seconds that is, if all goes on as it does; absent where nobody can tell. */
  readonly inSecs?: number;
};

/** The steps that a run has not reached, the lowest first. For people to look at: nothing is decided by it. */
export function stepsAhead(rule: LimitRule, observation: Observation, now: Date): readonly Ahead[] {
  const limit = limitFor(rule.limit.metric);
  const figures = figuresOf(rule, limit, observation, now);
  const pace = limit.pace?.(observation, rule.limit)?.perSec;
  return rule.steps
    .filter((step) => !isAt(rule, step, figures))
    .map((step) => {
      const value = (step.at * rule.limit.value) / 100;
      const figure = figureFor(step, figures);
      const isTold = figure?.kind === "known" && pace !== undefined && pace > 0;
      return {
        step: plainStep(step),
        value,
        ...(isTold && { inSecs: Math.max(0, (value - figure.value) / pace) }),
      };
    });
}
