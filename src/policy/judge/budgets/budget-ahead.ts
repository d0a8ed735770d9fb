import { basisOf } from "../../policy.ts";
import type { Ahead } from "../steps-ahead.ts";
import { isReached, plainStep } from "../weigh.ts";
import type { BudgetStanding } from "./budgets.ts";

/**
 * The steps that a budget has not reached, the lowest first, and in how many seconds its live runs bring it to one, where
 * its window does not end before. For people to look at: nothing is decided by it.
 */
export function budgetStepsAhead(
  { rule, place, figures, burnMicroUsdPerHour }: BudgetStanding,
  now: Date,
): readonly Ahead[] {
  const { of, limit } = rule.budget;
  const leftSecs = (place.to.getTime() - now.getTime()) / 1000;
  return rule.steps
    .filter((step) => !isReached(step, figures, limit))
    .map((step) => {
      const value = (step.at * limit) / 100;
      const figure = figures.get(basisOf(step));
      const isTold =
        of === "usd" && basisOf(step) === "actual" && figure?.kind === "known" && burnMicroUsdPerHour > 0;
      const inSecs = isTold ? ((value - figure.value) * 3600) / burnMicroUsdPerHour : undefined;
      return {
        step: plainStep(step),
        value,
        ...(inSecs !== undefined && inSecs < leftSecs && { inSecs }),
      };
    });
}
