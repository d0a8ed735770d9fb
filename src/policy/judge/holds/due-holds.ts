import { modeOf, ownerOf, type Policy } from "../../policy.ts";
import { isOpen } from "../../values/schedule.ts";
import type { BudgetStanding } from "../budgets/budgets.ts";
import { type ControlView, exemptsRule, isPaused } from "../guards.ts";
import type { HoldDecision, HoldGuard } from "./hold-decision.ts";

function guardOf(
  { rule, guard: own }: BudgetStanding,
  control: ControlView,
  now: Date,
): HoldGuard | undefined {
  if (control.exemptions.some((each) => exemptsRule(each, rule.id, now))) return "exemption";
  return isPaused(control, now) ? "pause" : own;
}

/** The hold that a budget asks for now, if any. Which other steps of it are reached makes no difference. */
export function dueHold(
  policy: Policy,
  standing: BudgetStanding,
  control: ControlView,
  now: Date,
): readonly HoldDecision[] {
  const { rule, place, verdict } = standing;
  if (verdict.kind !== "breach" || verdict.hold === undefined) return [];
  if (rule.schedule && !isOpen(rule.schedule, now)) return [];
  const { step, evidence } = verdict.hold;
  const guard = guardOf(standing, control, now);
  const owner = ownerOf(policy, rule);
  return [
    {
      subject: { kind: "budget", ruleId: rule.id, group: place.group, from: place.from },
      ruleId: rule.id,
      step,
      action: "hold-sources",
      mode: modeOf(policy, rule),
      ...(guard && { guard }),
      evidence: { ...evidence, budget: place },
      ...(owner !== undefined && { owner }),
    },
  ];
}
