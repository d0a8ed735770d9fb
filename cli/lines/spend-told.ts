import { type Budget, type BudgetStanding, plainAmount, toUsd, type Window } from "../../src/policy/index.ts";
import type { SpendBy, SpendReport, SpendRow, Spent } from "../../src/watchdog/ledger/spend-report.ts";
import type { SourceHold } from "../../src/watchdog/model/holds/hold.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { LedgerState } from "../../src/watchdog/model/ports.ts";
import { csv } from "../show/csv.ts";
import { heldTold } from "./runs/live-runs.ts";

/** What of a budget is used up, and its limit, in USD or a count; the two by their old names where they are money. */
export function budgetTold(budget: Budget, amount: number): object {
  const [spent, limit] = [plainAmount(budget, amount), plainAmount(budget, budget.limit)];
  return { spent, limit, ...(budget.of === "usd" && { usd: spent, limitUsd: limit }) };
}

type NameOf = (row: SpendRow) => string;

const usdOf = ({ microUsd }: Spent): number | undefined =>
  microUsd === undefined ? undefined : toUsd(microUsd);

/** What `spend --json` prints. What is not known is `null`. */
export function spendJson(
  { rows, total }: SpendReport,
  {
    span,
    by,
    nameOf,
    holdOf,
    standings,
    unknown,
    state,
  }: {
    readonly span: Window;
    readonly by: SpendBy;
    readonly nameOf: NameOf;
    readonly holdOf: (row: SpendRow) => SourceHold | undefined;
    readonly standings: readonly BudgetStanding[];
    /** Budgets of which nobody can tell where they stand. */
    readonly unknown: readonly { readonly ruleId: string; readonly reason: string }[];
    readonly state: LedgerState;
  },
): object {
  const drift = state.drift.at(-1);
  const told = {
    from: span.from,
    to: span.to,
    by,
    rows: rows.map((row) => ({
      key: row.key,
      name: nameOf(row),
      usd: usdOf(row) ?? null,
      runsOfUnknownCost: row.runsOfUnknownCost,
      ...(row.unknownBefore && { unknownBefore: row.unknownBefore }),
      ...(by === "schedule" && { scheduleHeld: heldTold(holdOf(row)) }),
    })),
    totalUsd: usdOf(total) ?? null,
    runsOfUnknownCost: total.runsOfUnknownCost,
    unknownBefore: total.unknownBefore ?? null,
    budgets: standings.map(({ rule, place, spent, runsOfUnknownCost, guard }) => ({
      ruleId: rule.id,
      ...place,
      ...budgetTold(rule.budget, spent),
      runsOfUnknownCost,
      ...(guard && { guard }),
    })),
    unknownBudgets: unknown,
    completeSince: state.completeSince ?? null,
    apify: drift
      ? { at: drift.at, usd: toUsd(drift.apifyMicroUsd), ofRunsUsd: toUsd(drift.ledgerMicroUsd) }
      : null,
  };
  return told;
}

/** What is spent before the ledger's beginning is in no row by Actor, task or origin: it has one of its own. */
const UNKNOWN = "(unknown)";

/** What `spend --csv` prints. What is not known is empty. */
export function spendCsv(
  { rows, total }: SpendReport,
  { by, nameOf }: { readonly by: SpendBy; readonly nameOf: NameOf },
): string {
  const isTime = by === "hour" || by === "day" || by === "month";
  const { unknownBefore } = total;
  const before: readonly SpendRow[] =
    unknownBefore && !isTime ? [{ key: UNKNOWN, runsOfUnknownCost: 0, unknownBefore }] : [];
  const nameFor = (row: SpendRow): string =>
    row.key === UNKNOWN && row.unknownBefore ? `before ${minuteOf(row.unknownBefore)} UTC` : nameOf(row);
  return csv(
    [by, "name", "usd", "runsOfUnknownCost", "unknownBefore"],
    [...rows, ...before].map((row) => [
      row.key,
      nameFor(row),
      usdOf(row),
      row.runsOfUnknownCost,
      row.unknownBefore?.toISOString(),
    ]),
  );
}
