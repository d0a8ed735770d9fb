import {
  type Ahead,
  type Budget,
  type BudgetGuard,
  type BudgetStanding,
  type BudgetStandings,
  budgetStepsAhead,
  type LedgerView,
  type Mode,
  modeOf,
  type Policy,
  plainAmount,
  standingsOf,
} from "../../policy/index.ts";
import { budgetAmounts, budgetHeld, groupWords, unknownOfRuns } from "../audit/describe-budget.ts";
import { budgetsOf } from "../ledger/ledger.ts";
import type { EntryBudget, EntryStep } from "../model/entry.ts";
import { plainPlace } from "../model/evidence.ts";
import type { StepAhead } from "./explanation.ts";

/** Where the budget of one group stands, in the units that people read. */
export type BudgetView = {
  readonly ruleId: string;
  readonly mode: Mode;
  readonly budget: EntryBudget;
  /** What of the budget is used up, in USD or a count. */
  readonly spent: number;
  /** In the same unit. */
  readonly limit: number;
  /** The two of a budget in money. */
  readonly spentUsd?: number;
  readonly limitUsd?: number;
  /** So many of its runs have cost something that Apify does not tell: it is not in what is spent. Absent: none. */
  readonly runsOfUnknownCost?: number;
  /** 1 is all of it. */
  readonly share: number;
  /** The steps that are reached: a stop, a notice, or both. */
  readonly reached: readonly EntryStep[];
  readonly nextStep?: StepAhead;
  /** Why it stops nothing now, if so. */
  readonly guard?: BudgetGuard;
};

/** Where all budgets of a policy stand, and of which nobody can tell, and why. */
export type BudgetsView = {
  /** The nearest to its limit first. */
  readonly groups: readonly BudgetView[];
  readonly unknown: readonly { readonly ruleId: string; readonly reason: string }[];
};

export const NO_BUDGETS: BudgetsView = { groups: [], unknown: [] };

/** A step ahead of a budget, its figure in USD or a count. */
export const budgetAhead = (budget: Budget, { step, value, inSecs }: Ahead): StepAhead => ({
  ...step,
  figure: plainAmount(budget, value),
  ...(inSecs !== undefined && { inSecs }),
});

function viewOf(policy: Policy, standing: BudgetStanding, now: Date): BudgetView {
  const { rule, runsOfUnknownCost, verdict, guard } = standing;
  const { budget } = rule;
  const [nextStep] = budgetStepsAhead(standing, now).map((each) => budgetAhead(budget, each));
  const [spent, limit] = [plainAmount(budget, standing.spent), plainAmount(budget, budget.limit)];
  const reached = verdict.kind === "breach" ? [verdict.stop?.step, verdict.notice?.step] : [];
  return {
    ruleId: rule.id,
    mode: modeOf(policy, rule),
    budget: plainPlace(standing.place),
    spent,
    limit,
    ...(budget.of === "usd" && { spentUsd: spent, limitUsd: limit }),
    ...(runsOfUnknownCost > 0 && { runsOfUnknownCost }),
    share: standing.spent / budget.limit,
    reached: reached.filter((step) => step !== undefined),
    ...(nextStep && { nextStep }),
    ...(guard && { guard }),
  };
}

const unknownOf = ({ unknown }: BudgetStandings): BudgetsView["unknown"] =>
  [...unknown].map(([ruleId, { reason }]) => ({ ruleId, reason }));

/** Where the budgets stand now. A ledger that could not be read makes all of them unknown. */
export function viewBudgets(
  policy: Policy | undefined,
  ledger: LedgerView | undefined,
  now: Date,
): BudgetsView {
  if (policy === undefined) return NO_BUDGETS;
  if (ledger === undefined)
    return {
      groups: [],
      unknown: budgetsOf(policy).map(({ id }) => ({ ruleId: id, reason: "the ledger was not read" })),
    };
  const standings = standingsOf(policy, ledger, now);
  const groups = [...standings.groups.values()].map((each) => viewOf(policy, each, now));
  return { groups: groups.toSorted((a, b) => b.share - a.share), unknown: unknownOf(standings) };
}

/** `the account $31.20 of $50.00 a day`; of one that may stop nothing now, why. */
export function budgetText(
  { budget, spent, runsOfUnknownCost, limit, guard }: BudgetView,
  nameOf: (actorId: string) => string = (id) => id,
): string {
  const whose = budget.each === "actor" ? nameOf(budget.group) : groupWords(budget);
  const held = guard ? ` (${budgetHeld(guard)})` : "";
  return `${whose} ${budgetAmounts(budget, spent, limit)}${unknownOfRuns(runsOfUnknownCost)}${held}`;
}
