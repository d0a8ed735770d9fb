import type { Policy } from "../../policy.ts";
import type { LedgerView } from "../../spend/ledger-view.ts";
import { isReached } from "../weigh.ts";
import { lookKeyOf, projectedSince, standingsOf } from "./budgets.ts";

/** The looks to remember: since when each projection has been at a step without a break. */
export function budgetLooksAfter(
  policy: Policy,
  ledger: LedgerView,
  now: Date,
): Readonly<Record<string, Date>> {
  const looks: Record<string, Date> = {};
  for (const standing of standingsOf(policy, ledger, now).groups.values()) {
    for (const step of standing.rule.steps.filter(({ basis }) => basis === "projected")) {
      const key = lookKeyOf(standing, step);
      if (isReached(step, standing.figures, standing.rule.budget.limit))
        looks[key] = projectedSince(ledger, key) ?? ledger.readAt;
    }
  }
  return looks;
}
