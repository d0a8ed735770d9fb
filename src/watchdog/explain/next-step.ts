import { isLimitRule, type Judgement, type Mode, modeOf } from "../../policy/index.ts";
import { nextOf, type Outset } from "./explain-rule.ts";
import type { StepAhead } from "./explanation.ts";

/** A step that a run has not reached, and of which rule. `figure` is in this unit. */
export type RunStep = StepAhead & { readonly ruleId: string; readonly mode: Mode; readonly unit: string };

/**
 * The step that a run reaches first, by the limits whose figure is known: the soonest or, where that can't be determined of
 * any, the one of the rule whose limit is nearest. Budgets have steps of their own.
 */
export function nextStepOf(
  judgements: readonly Judgement[],
  /** Those whose figure is known, the nearest first. */
  shares: readonly { readonly ruleId: string; readonly unit: string }[],
  outset: Outset,
): RunStep | undefined {
  const ahead = shares.flatMap(({ ruleId, unit }): RunStep[] => {
    const rule = judgements.find(({ rule }) => rule.id === ruleId)?.rule;
    const { nextStep } = rule && isLimitRule(rule) ? nextOf(rule, outset) : {};
    return rule && nextStep ? [{ ruleId, mode: modeOf(outset.policy, rule), unit, ...nextStep }] : [];
  });
  const timed = ahead.filter(({ inSecs }) => inSecs !== undefined);
  const soonest = Math.min(...timed.map(({ inSecs = 0 }) => inSecs));
  return timed.find(({ inSecs }) => inSecs === soonest) ?? ahead[0];
}
