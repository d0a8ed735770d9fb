import { type BudgetStanding, standingsOf } from "../../../../src/policy/judge/budgets/budgets.ts";
import type { Budget, BudgetRule, Policy } from "../../../../src/policy/policy.ts";

import type { Cell } from "../../../../src/policy/spend/cells.ts";
import type { LedgerView } from "../../../../src/policy/spend/ledger-view.ts";
import { ledgerOf, NOON, policy, usd } from "../../../support/builders.ts";

/** 20 USD a day for the whole account. */
export const budget = (overrides: Partial<Budget> = {}): Budget => ({
  of: "usd",
  limit: usd(20),
  per: "day",
  each: "account",
  timeZone: "UTC",
  ...overrides,
});
export const daily = (overrides: Partial<BudgetRule> = {}): BudgetRule => ({
  id: "a-day",
  budget: budget(),
  steps: [
    { at: 80, do: "notify" },
    { at: 100, do: "abort" },
  ],
  ...overrides,
});
/** A policy of these budgets. */
export const by = (...rules: readonly BudgetRule[]): Policy => policy({ rules });

/** So much of an Actor in the hour before noon, as the store keeps it: in the hour and in its day. */
export const spentBy = (actorId: string, costUsd: number, more: Partial<Cell> = {}): readonly Cell[] =>
  ["2026-11-24T11", "2026-11-24"].map((slot) => ({
    actorId,
    origin: "API",
    slot,
    microUsd: usd(costUsd),
    ...more,
  }));

/** A ledger that goes back for a month and was complete a minute ago. */
export const ledger = (
  cells: readonly Cell[] = [],
  overrides: Partial<LedgerView> = {},
  nameOf: LedgerView["recorded"]["nameOf"] = () => ({}),
): LedgerView => ledgerOf(0, { recorded: { cells, nameOf }, ...overrides });

/** Of a rule that makes one group. */
export const standing = (of: Policy, view: LedgerView, now = NOON): BudgetStanding => {
  const [first, ...others] = standingsOf(of, view, now).groups.values();
  if (first === undefined || others.length > 0) throw new Error("not one group");
  return first;
};
