import { type Known, known, type Measurement, secsBetween, unknown } from "../../limits/limit.ts";
import { isRow, TWO_LOOKS_SECS } from "../../limits/looks.ts";
import {
  type Basis,
  type BudgetRule,
  basisOf,
  isBudgetRule,
  type Policy,
  type Quantity,
  type RuleStep,
} from "../../policy.ts";
import type { BudgetPlace } from "../../spend/budget-place.ts";
import type { Spender } from "../../spend/cells.ts";
import { knownSince, type LedgerView } from "../../spend/ledger-view.ts";
import { burnOf, projected } from "../../spend/projection.ts";
import { unitOfBudget } from "../../spend/quantity.ts";
import { type Window, windowAt } from "../../spend/windows.ts";
import { isOpen } from "../../values/schedule.ts";
import type { Evidence, Verdict } from "../verdict.ts";
import { type Figures, weigh } from "../weigh.ts";
import { type Group, groupOf, groupsOf } from "./spend-groups.ts";

/** Why a budget may not stop anything now. */
export type BudgetGuard = "unfilledWindow" | "staleLedger";

/** Where the budget of one group stands. */
export type BudgetStanding = {
  readonly rule: BudgetRule;
  readonly place: BudgetPlace;
  /** In micro-dollars, or a count. */
  readonly spent: number;
  /** What its live runs burn together, as far as that is measured. */
  readonly burnMicroUsdPerHour: number;
  /** How many of its runs have cost something that Apify does not tell: it is not in what is spent. */
  readonly runsOfUnknownCost: number;
  readonly figures: Figures;
  readonly verdict: Verdict;
  readonly guard?: BudgetGuard;
};

/** Where every budget stands, by rule and group; or why nobody can tell of a rule. */
export type BudgetStandings = {
  readonly groups: ReadonlyMap<string, BudgetStanding>;
  readonly unknown: ReadonlyMap<string, Verdict & { readonly kind: "unknown" }>;
};

/** The metric of all budgets. */
export const BUDGET = "budget";

/** Names the budget of one group among all. */
export const standingKey = (rule: BudgetRule, group: string): string => `${rule.id}/${group}`;

/** Under what the looks of a projection at a step are remembered. */
export const lookKeyOf = (
  { rule, place: { group, from } }: Pick<BudgetStanding, "rule" | "place">,
  { at }: RuleStep,
) => `${rule.id}@${at}:projected/${group}/${from.toISOString()}/${rule.budget.limit}`;

/** Since when a projection has been at a step, as far as looks in a row tell. */
export const projectedSince = ({ looks, lookedAt, readAt }: LedgerView, key: string): Date | undefined =>
  isRow(lookedAt, readAt) ? looks[key] : undefined;

function guardOf(
  policy: Policy,
  { budget }: BudgetRule,
  ledger: LedgerView,
  { from }: Window,
  now: Date,
): BudgetGuard | undefined {
  const { lastCompleteAt, gap } = ledger;
  const since = knownSince(ledger, budget.of);
  if (since === undefined || since > from) return "unfilledWindow";
  const isOld =
    lastCompleteAt === undefined ||
    now.getTime() - lastCompleteAt.getTime() > policy.guards.staleAfterSecs * 1000;
  return isOld || gap !== undefined ? "staleLedger" : undefined;
}

/** Apify is asked what the account has used once an hour; one answer may be missed. */
const TOLD_WITHIN_SECS = 2 * 3600 + 600;

/** What a step of a basis goes by. */
function figureBy(
  basis: Basis,
  of: Quantity,
  group: Group,
  place: BudgetPlace,
  { accountUsage }: LedgerView,
  now: Date,
): Measurement {
  if (basis !== "account") {
    const { spent, runsOfUnknownCost } = group;
    const figure = basis === "projected" ? projected(of, group, place, now) : known(spent);
    if (figure.kind === "unknown" || runsOfUnknownCost === 0) return figure;
    return { ...figure, facts: { ...figure.facts, runsOfUnknownCost } };
  }
  // A figure of before is that of another cycle.
  if (accountUsage === undefined || accountUsage.readAt < place.from)
    return unknown(
      "Apify has not reported what the account has used in this cycle",
      secsBetween(place.from, now) < TOLD_WITHIN_SECS,
    );
  if (secsBetween(accountUsage.readAt, now) > TOLD_WITHIN_SECS)
    return unknown("Apify no longer reports what the account has used", false);
  return known(accountUsage.microUsd);
}

function judgeGroup(
  policy: Policy,
  rule: BudgetRule,
  place: BudgetPlace,
  group: Group,
  ledger: LedgerView,
  now: Date,
): BudgetStanding {
  const { budget, steps } = rule;
  const { spent, live, runsOfUnknownCost } = group;
  const figures = new Map(
    [...new Set(steps.map(basisOf))].map((basis): [typeof basis, Measurement] => [
      basis,
      figureBy(basis, budget.of, group, place, ledger, now),
    ]),
  );
  const waitsFor = (step: RuleStep) => {
    if (step.schedule && !isOpen(step.schedule, now)) return "its schedule";
    if (step.basis !== "projected") return undefined;
    const since = projectedSince(ledger, lookKeyOf({ rule, place }, step));
    const isSecond = since && ledger.readAt.getTime() - since.getTime() >= TWO_LOOKS_SECS * 1000;
    return isSecond ? undefined : "a second look";
  };
  const evidence = (basis: Evidence["basis"], figure: Known): Evidence => ({
    metric: BUDGET,
    measured: figure.value,
    limit: budget.limit,
    unit: unitOfBudget(budget),
    ...(basis === "account" && ledger.accountUsage
      ? { observedAt: ledger.accountUsage.readAt, source: "account" }
      : { observedAt: ledger.readAt, source: "ledger" }),
    basis,
    ...(figure.facts && { facts: figure.facts }),
    budget: place,
  });
  const verdict = weigh({
    ruleId: rule.id,
    metric: BUDGET,
    steps,
    figures,
    limit: budget.limit,
    waitsFor,
    evidence,
  });
  const guard = guardOf(policy, rule, ledger, place, now);
  const burnMicroUsdPerHour = burnOf(live);
  return {
    rule,
    place,
    spent,
    burnMicroUsdPerHour,
    runsOfUnknownCost,
    figures,
    verdict,
    ...(guard && { guard }),
  };
}

/** Where the budgets of a policy stand, each group's in the window that is now. */
export function standingsOf(policy: Policy, ledger: LedgerView, now: Date): BudgetStandings {
  const groups = new Map<string, BudgetStanding>();
  const blind = new Map<string, Verdict & { readonly kind: "unknown" }>();
  for (const rule of policy.rules.filter(isBudgetRule)) {
    const { of, per, each } = rule.budget;
    const window = windowAt(rule.budget, now, ledger.cycle);
    if (window === undefined) {
      blind.set(rule.id, { ...unknownBudget("Apify has not reported its usage cycle"), young: false });
      continue;
    }
    for (const [group, found] of groupsOf(rule, ledger, window, now)) {
      const place = { of, per, each, group, ...window };
      groups.set(standingKey(rule, group), judgeGroup(policy, rule, place, found, ledger, now));
    }
  }
  return { groups, unknown: blind };
}

const unknownBudget = (reason: string) => ({ kind: "unknown" as const, metric: BUDGET, reason, young: true });

/** What a budget says of a run that it selects: that of its group. `undefined`: the run is in none. */
export function standingFor(
  rule: BudgetRule,
  spender: Spender,
  standings: BudgetStandings | undefined,
): BudgetStanding | (Verdict & { readonly kind: "unknown" }) | undefined {
  if (standings === undefined) return unknownBudget("the ledger was not read");
  const blind = standings.unknown.get(rule.id);
  if (blind) return blind;
  const group = groupOf(rule, spender);
  return group === undefined ? undefined : standings.groups.get(standingKey(rule, group));
}
