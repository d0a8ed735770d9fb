import { type BudgetRule, basisOf, isBudgetRule, modeOf, type Policy } from "../../policy.ts";
import { isOpen } from "../../values/schedule.ts";
import { reaches } from "../../values/share.ts";
import { type BudgetStandings, standingKey } from "../budgets/budgets.ts";
import { type ControlView, exemptsRule } from "../guards.ts";
import type { HoldCause } from "./hold-decision.ts";
import { isExemptLoop } from "./loop-holds.ts";
import { isExemptSource, type Source } from "./wanted-holds.ts";

/** What is asked of a schedule that is held. */
export type Held = {
  readonly cause: HoldCause;
  readonly until: Date;
  /** Of a budget: what it had come to, by the basis of its step, when the schedule was held, in the unit of its limit. */
  readonly measured?: number;
};

export type HeldInput = {
  /** Absent: none is in force, or it can't be read; then what is held stays so until its time is up. */
  readonly policy?: Policy | undefined;
  /** Absent: the ledger was not read. */
  readonly budgets?: BudgetStandings | undefined;
  /** The schedule, as far as it is known what it starts. */
  readonly source?: Source | undefined;
  readonly control: Pick<ControlView, "exemptions">;
  readonly now: Date;
};

/**
 * Is a hold step of the rule still reached? A figure that was reached stays so as long as nothing moves the limit: a
 * projection sinks because the schedule is held, and would let it go only to hold it again. What is spent is asked anew where
 * it is known, for it may have been corrected; a ledger that may hold too little, as after a restore, lets nothing go.
 */
function isReachedStill(
  rule: BudgetRule,
  { cause, measured = 0 }: Held,
  budgets: BudgetStandings | undefined,
): boolean {
  const group = cause.kind === "budget" ? cause.group : "";
  const standing = budgets?.groups.get(standingKey(rule, group));
  const spent = standing?.guard ? undefined : standing?.figures.get("actual");
  return rule.steps
    .filter((step) => step.do === "hold")
    .some((step) => {
      const isActual = basisOf(step) === "actual";
      const figure = isActual && spent?.kind === "known" ? spent.value : measured;
      return reaches(figure, step.at, rule.budget.limit);
    });
}

function budgetOver(held: Held, ruleId: string, input: HeldInput): string | undefined {
  const { policy, budgets, control, source, now } = input;
  if (policy === undefined) return undefined;
  const rule = policy.rules.filter(isBudgetRule).find(({ id }) => id === ruleId);
  if (rule === undefined) return `the policy has no budget ${ruleId} any more`;
  if (modeOf(policy, rule) === "observe") return `${ruleId} is only observed now`;
  if (!rule.steps.some((step) => step.do === "hold")) return `${ruleId} holds no schedules any more`;
  if (rule.schedule && !isOpen(rule.schedule, now)) return `${ruleId} does not apply at this time`;
  const isExempt =
    control.exemptions.some((each) => exemptsRule(each, ruleId, now)) ||
    (source !== undefined && isExemptSource(source, ruleId, control, now));
  if (isExempt) return `it is exempt from ${ruleId}`;
  return isReachedStill(rule, held, budgets) ? undefined : `${ruleId} has room again`;
}

function loopOver({ policy, source, control, now }: HeldInput): string | undefined {
  if (policy === undefined) return undefined;
  if (policy.guards.loop.do !== "hold") return "the policy holds no loops any more";
  if (policy.mode === "observe") return "the policy only observes now";
  return isExemptLoop(source, control, now) ? "what it starts is exempt" : undefined;
}

/** Why a schedule need not be held any longer, in words; `undefined`: it stays held. */
export function holdOver(held: Held, input: HeldInput): string | undefined {
  const { cause, until } = held;
  const { now } = input;
  if (now >= until) return cause.kind === "budget" ? "its budget's window has ended" : "its time is up";
  if (cause.kind === "budget") return budgetOver(held, cause.ruleId, input);
  return cause.kind === "loop" ? loopOver(input) : undefined;
}
