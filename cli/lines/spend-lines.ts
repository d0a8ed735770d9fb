import {
  type BudgetPlace,
  type BudgetStanding,
  budgetWords,
  formatUsd,
  type MicroUsd,
  modeOf,
  type Policy,
  quantityWords,
} from "../../src/policy/index.ts";
import { guardWords } from "../../src/watchdog/audit/describe.ts";
import { groupWords } from "../../src/watchdog/audit/describe-budget.ts";
import { outsideRuns } from "../../src/watchdog/ledger/drift.ts";
import type { Spent } from "../../src/watchdog/ledger/spend-report.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { LedgerState } from "../../src/watchdog/model/ports.ts";
import { bar, percent } from "../show/bar.ts";
import { type Column, table } from "../show/table.ts";
import type { Paint, Terminal } from "../show/terminal.ts";
import { count, paintShare, usdText } from "../show/words.ts";

type Look = Pick<Terminal, "columns"> & { readonly paint: Paint };

const BAR_WIDTH = 20;

const shareOf = ({ spent, rule }: BudgetStanding): number => spent / rule.budget.limit;

/** Every budget of every group: what it has spent, and when it begins anew. */
export function budgetTable(
  policy: Policy,
  standings: readonly BudgetStanding[],
  nameOf: (place: BudgetPlace) => string,
  look: Look,
): readonly string[] {
  const columns: readonly Column<BudgetStanding>[] = [
    { title: "BUDGET", cell: ({ rule }) => rule.id },
    {
      title: "OF",
      cell: ({ place }) => groupWords({ ...place, group: nameOf(place) }),
    },
    { title: "SPENT", align: "right", cell: ({ rule, spent }) => quantityWords(rule.budget.of, spent) },
    {
      title: "",
      cell: (standing) => bar(shareOf(standing), BAR_WIDTH),
      paint: (text, standing, paint) => paintShare(text, shareOf(standing), paint),
      from: 100,
    },
    {
      title: "SHARE",
      align: "right",
      cell: (standing) => percent(shareOf(standing)),
      paint: (text, standing, paint) => paintShare(text, shareOf(standing), paint),
    },
    { title: "LIMIT", cell: ({ rule }) => budgetWords(rule.budget) },
    { title: "UNTIL (UTC)", cell: ({ place }) => minuteOf(place.to) },
    {
      title: "",
      cell: ({ rule, runsOfUnknownCost, guard }) =>
        [
          runsOfUnknownCost > 0 ? unknownWords(runsOfUnknownCost) : "",
          modeOf(policy, rule) === "observe" ? "observed" : "",
          guard ? guardWords(guard) : "",
        ]
          .filter(Boolean)
          .join("; "),
    },
  ];
  const sorted = standings.toSorted((a, b) => shareOf(b) - shareOf(a));
  return table(sorted, columns, look);
}

const unknownWords = (runs: number): string => `unknown of ${count(runs, "run")}`;

/** Why a sum is not all: `unknown before 2026-11-30 00:00; unknown of 2 runs`. */
const notAll = ({ unknownBefore, runsOfUnknownCost }: Spent): string =>
  [
    unknownBefore ? `unknown before ${minuteOf(unknownBefore)}` : "",
    runsOfUnknownCost > 0 ? unknownWords(runsOfUnknownCost) : "",
  ]
    .filter(Boolean)
    .join("; ");

/** Rows with their part of the whole. */
export function spendTable(
  rows: readonly (Spent & { readonly name: string; readonly isTotal?: boolean })[],
  totalMicroUsd: MicroUsd,
  title: string,
  look: Look,
): readonly string[] {
  const largest = Math.max(1, ...rows.flatMap(({ microUsd = 0, isTotal }) => (isTotal ? [] : microUsd)));
  const columns: readonly Column<(typeof rows)[number]>[] = [
    {
      title: "SPENT",
      align: "right",
      cell: ({ microUsd }) => usdText(microUsd),
    },
    {
      title: "PART",
      align: "right",
      cell: ({ microUsd }) =>
        microUsd === undefined ? "" : percent(totalMicroUsd > 0 ? microUsd / totalMicroUsd : 0),
    },
    {
      title: "",
      cell: ({ microUsd, isTotal }) =>
        isTotal || microUsd === undefined ? "" : bar(microUsd / largest, BAR_WIDTH),
      from: 60,
    },
    { title, cell: ({ name }) => name },
    ...(rows.some(notAll) ? [{ title: "NOT ALL", cell: notAll }] : []),
  ];
  return table(rows, columns, look);
}

/** How far the ledger can be trusted. */
export function ledgerLines({ completeSince, backfill, cycle, drift }: LedgerState): readonly string[] {
  const since = completeSince
    ? `The ledger has all that runs spent since ${minuteOf(completeSince)} UTC.`
    : "The ledger is not complete yet: no tick has seen the whole account and written it down.";
  const filling = backfill
    ? [`It is being filled back to ${minuteOf(backfill.since)} UTC: ${count(backfill.runs, "run")} so far.`]
    : [];
  const last = drift.at(-1);
  if (last === undefined || cycle === undefined) return [since, ...filling];
  const outside = outsideRuns(last);
  const figures = `Apify's own figure for the cycle since ${minuteOf(cycle.from)} UTC: ${formatUsd(last.apifyMicroUsd)}, of runs ${formatUsd(last.ledgerMicroUsd)}`;
  return [
    since,
    ...filling,
    `${figures}, outside runs ${formatUsd(outside)} (compared ${minuteOf(last.at)} UTC).`,
  ];
}
