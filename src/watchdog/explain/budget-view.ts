import {
  type Ahead,
  type BudgetGuard,
  type BudgetStanding,
  type BudgetStandings,
  budgetStepsAhead,
  type LedgerView,
  type Mode,
  modeOf,
  type Policy,
  standingsOf,
  toUsd,
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
  readonly spentUsd: number;
  /** So many of its runs have cost something that Apify does not tell: it is not in what is spent. Absent: none. */
  readonly runsOfUnknownCost?: number;
  readonly limitUsd: number;
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

/** A step ahead of a budget, its figure in USD. */
export const budgetAhead = ({ step, value, inSecs }: Ahead): StepAhead => ({
  ...step,
  figure: toUsd(value),
  ...(inSecs !== undefined && { inSecs }),
});

function viewOf(policy: Policy, standing: BudgetStanding, now: Date): BudgetView {
  const { rule, runsOfUnknownCost, spentMicroUsd, verdict, guard } = standing;
  const [nextStep] = budgetStepsAhead(standing, now).map(budgetAhead);
  const reached = verdict.kind === "breach" ? [verdict.stop?.step, verdict.notice?.step] : [];
  return {
    ruleId: rule.id,
    mode: modeOf(policy, rule),
    budget: plainPlace(standing.place),
    spentUsd: toUsd(spentMicroUsd),
    ...(runsOfUnknownCost > 0 && { runsOfUnknownCost }),
    limitUsd: toUsd(rule.budget.microUsd),
    share: spentMicroUsd / rule.budget.microUsd,
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
  { budget, spentUsd, runsOfUnknownCost, limitUsd, guard }: BudgetView,
  nameOf: (actorId: string) => string = (id) => id,
): string {
  const whose = budget.each === "actor" ? nameOf(budget.group) : groupWords(budget);
  const held = guard ? ` (${budgetHeld(guard)})` : "";
  return `${whose} ${budgetAmounts(budget, spentUsd, limitUsd)}${unknownOfRuns(runsOfUnknownCost)}${held}`;
}
