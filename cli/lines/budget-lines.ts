import { printable } from "../../src/policy/index.ts";
import { type BudgetsView, type BudgetView, budgetText } from "../../src/watchdog/explain/budget-view.ts";

/** More than these of one rule would hide the rest of a screen. */
const MOST = 3;

/** The Actors that have budgets of their own. */
export const actorsOf = ({ groups }: BudgetsView): readonly string[] =>
  groups.flatMap(({ budget }) => (budget.each === "actor" ? [budget.group] : []));

function ofRule(
  ruleId: string,
  groups: readonly BudgetView[],
  nameOf: (actorId: string) => string,
): readonly string[] {
  const texts = groups.slice(0, MOST).map((each) => printable(budgetText(each, nameOf)));
  return groups.length > MOST ? [...texts, `${groups.length - MOST} more of ${ruleId}`] : texts;
}

/** What budgets have spent, the rule and then the group that is nearest to its limit first; and of which nobody can tell. */
export function budgetTexts(
  { groups, unknown }: BudgetsView,
  nameOf: (actorId: string) => string,
): readonly string[] {
  const ruleIds = [...new Set(groups.map(({ ruleId }) => ruleId))];
  return [
    ...ruleIds.flatMap((id) =>
      ofRule(
        id,
        groups.filter(({ ruleId }) => ruleId === id),
        nameOf,
      ),
    ),
    ...unknown.map(({ ruleId, reason }) => `${ruleId} not known: ${reason}`),
  ];
}
