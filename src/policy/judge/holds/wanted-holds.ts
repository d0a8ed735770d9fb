import { type BudgetRule, isBudgetRule, type Policy } from "../../policy.ts";
import type { Spender } from "../../spend/cells.ts";
import type { Named } from "../../spend/ledger-view.ts";
import { groupFor } from "../budgets/spend-groups.ts";
import { type ControlView, isExempt } from "../guards.ts";
import type { HoldDecision, WantedHold } from "./hold-decision.ts";

/** A schedule, and whose runs it starts, as far as that is known: by its actions, and by the runs that name it. */
export type Source = { readonly id: string; readonly starts: readonly (Spender & Named)[] };

/** Does an exemption protect any of what the schedule starts? To hold it would stop that, too. */
export const isExemptSource = (
  { starts }: Source,
  ruleId: string,
  control: Pick<ControlView, "exemptions">,
  now: Date,
): boolean => starts.some((start) => isExempt(control, ruleId, { ...start, run: { ...start, id: "" } }, now));

const isSourceOf = ({ starts }: Source, rule: BudgetRule, group: string): boolean =>
  starts.some((start) => groupFor(rule, start) === group);

/**
 * The schedules that budgets want held, each as often as a budget does: those that start runs of its group. In the order of
 * the decisions; those that may be held, and in earnest, come first for each schedule.
 */
export function wantedHolds(
  { rules }: Policy,
  decisions: readonly HoldDecision[],
  sources: readonly Source[],
  control: Pick<ControlView, "exemptions">,
  now: Date,
): readonly WantedHold[] {
  return decisions.flatMap((decision) => {
    const { ruleId, subject, guard, step, mode, evidence, owner } = decision;
    const rule = rules.filter(isBudgetRule).find(({ id }) => id === ruleId);
    if (rule === undefined) return [];
    return sources
      .filter((source) => isSourceOf(source, rule, subject.group))
      .map((source): WantedHold => {
        const own = guard ?? (isExemptSource(source, ruleId, control, now) ? "exemption" : undefined);
        return {
          scheduleId: source.id,
          cause: subject,
          until: evidence.budget.to,
          mode,
          ...(own && { guard: own }),
          step,
          evidence,
          ...(owner !== undefined && { owner }),
        };
      });
  });
}
