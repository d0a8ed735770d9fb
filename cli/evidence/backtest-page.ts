import { rangeBar } from "../../page/bars.ts";
import type { Child } from "../../page/el.ts";
import { notes, paragraph, runLink, section, tiles } from "../../page/parts.ts";
import { staticPage } from "../../page/static-page.ts";
import { type Column, dataTable } from "../../page/table.ts";
import { formatUsd } from "../../src/policy/index.ts";
import type { Backtest } from "../../src/watchdog/learn/backtest.ts";
import type { Front } from "../../src/watchdog/learn/front/front.ts";
import type { Missed, NearMiss } from "../../src/watchdog/learn/left-alone.ts";
import type { History } from "../../src/watchdog/learn/past.ts";
import { savedByAll } from "../../src/watchdog/learn/stops.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { percent } from "../show/bar.ts";
import { count } from "../show/words.ts";
import {
  byRule,
  coversText,
  limitsOfIt,
  type Row,
  rowsOf,
  savedText,
  wrongAmong,
  wrongText,
} from "./backtest-lines.ts";
import { SOURCES } from "./figures.ts";
import { frontSection } from "./front-section.ts";
import { listed, stopColumns } from "./listed.ts";
import type { NameOf } from "./names.ts";

/** Another policy on the same history. */
export type Compared = { readonly named: string; readonly found: Backtest };

export type BacktestPage = {
  readonly policy: string;
  /** Of which account, where that is known. */
  readonly of?: string | undefined;
  readonly found: Backtest;
  readonly history: History;
  readonly notes: readonly string[];
  readonly nameOf: NameOf;
  readonly against?: Compared | undefined;
  readonly front?: Front | undefined;
};

const SURE = "A stop is sure where the run could not have ended by itself before the stop took effect.";

function stopsByRule(rows: readonly Row[]): Child {
  const most = Math.max(...rows.map(({ stops }) => savedByAll(stops).to));
  const columns = byRule.flatMap((column): readonly Column<Row>[] => {
    if (column.title === "WRONG")
      return [{ ...column, tone: ({ stops }) => (wrongAmong(stops) > 0 ? "bad" : undefined) }];
    if (column.title !== "SAVED") return [column];
    return [column, { title: "FROM – TO", cell: ({ stops }) => rangeBar({ ...savedByAll(stops), most }) }];
  });
  return dataTable({ label: "Stops by rule and Actor", columns, rows });
}

const missColumns: readonly Column<NearMiss>[] = [
  { title: "RUN", cell: ({ runId }) => runLink(runId) },
  { title: "RULE", cell: ({ ruleId }) => ruleId },
  { title: "OF ITS LIMIT", align: "right", cell: ({ share }) => percent(share) },
];
const missedColumns: readonly Column<Missed>[] = [
  { title: "RUN", cell: ({ runId }) => runLink(runId) },
  { title: "ENDED", cell: ({ status }) => status },
  { title: "COST", align: "right", cell: ({ costMicroUsd }) => formatUsd(costMicroUsd) },
];

function figures(found: Backtest): Child {
  const { stops, wrongStops, nearMisses, missed, noticesPerDay } = found;
  const sure = stops.filter((stop) => stop.sure).length;
  return tiles({
    tiles: [
      {
        label: "Stops",
        value: String(stops.length),
        ...(stops.length > 0 && { note: `${sure} of them sure` }),
      },
      { label: "Saved", value: savedText(stops) },
      {
        label: "Wrong stops",
        value: String(wrongStops.count),
        note: `of ${wrongText(found)}`,
        ...(wrongStops.count > 0 && { tone: "bad" as const }),
      },
      {
        label: "Near misses",
        value: String(nearMisses.length),
        note: "succeeded at 80 % of a limit or more",
      },
      { label: "Expensive failures", value: String(missed.length), note: "that no rule caught" },
      { label: "Notices a day", value: noticesPerDay.toFixed(1), note: "of stops, and of steps that notify" },
    ],
  });
}

function comparison(
  policy: string,
  found: Backtest,
  { named, found: other }: Compared,
  nameOf: NameOf,
): Child {
  const sides = [
    { name: policy, found },
    { name: named, found: other },
  ];
  type Side = (typeof sides)[number];
  const columns: readonly Column<Side>[] = [
    { title: "POLICY", cell: ({ name }) => name },
    { title: "STOPS", align: "right", cell: (side) => String(side.found.stops.length) },
    { title: "SAVED", align: "right", cell: (side) => savedText(side.found.stops) },
    { title: "WRONG STOPS", align: "right", cell: (side) => String(side.found.wrongStops.count) },
  ];
  const only = (one: Backtest, two: Backtest, name: string): readonly Child[] => {
    const there = new Set(two.stops.map(({ runId }) => runId));
    const stops = one.stops.filter(({ runId }) => !there.has(runId));
    const title = `Only ${name} would have stopped`;
    if (stops.length === 0) return [paragraph(`${title} no run that the other would not.`)];
    return [
      paragraph(`${title} ${count(stops.length, "run")}:`),
      ...listed(title, stopColumns(nameOf), stops),
    ];
  };
  return section(
    { title: `Against ${named}`, id: "against" },
    dataTable({ label: "Two policies", columns, rows: sides }),
    ...only(found, other, policy),
    ...only(other, found, named),
  );
}

/** A back-test as one page: all that the command line shows, in its order, coverage first. */
export function backtestPage(page: BacktestPage): string {
  const { policy, of, found, history, nameOf, against, front } = page;
  const { stops, nearMisses, missed } = found;
  const rows = rowsOf(found, nameOf);
  const wrong = stops.filter(({ isWrong }) => isWrong);
  const listOf = <T>(title: string, columns: readonly Column<T>[], all: readonly T[], none: string): Child =>
    section({ title }, ...(all.length > 0 ? listed(title, columns, all) : [paragraph(none)]));
  return staticPage({
    title: `Back-test of ${policy}`,
    subtitle: [
      `${minuteOf(history.from)} to ${minuteOf(history.until)} UTC, by ${SOURCES[history.source]}`,
      of === undefined ? undefined : `; ${of}`,
    ],
    content: [
      section(
        { title: "What it covers" },
        paragraph(coversText(found, history)),
        notes({ notes: [...page.notes, ...limitsOfIt(found)] }),
      ),
      figures(found),
      section(
        { title: "Stops by rule" },
        ...(rows.length > 0
          ? [stopsByRule(rows), paragraph(SURE, "dim")]
          : [paragraph("It would have stopped nothing.")]),
      ),
      listOf(
        "Wrong stops: runs that were to be left alone",
        stopColumns(nameOf),
        wrong,
        "None: no run that it would have stopped was to be left alone.",
      ),
      listOf("Near misses", missColumns, nearMisses, "None: no run succeeded at 80 % of a limit or more."),
      listOf(
        "Expensive failures that no rule caught",
        missedColumns,
        missed,
        "None: no run that failed cost more than every success of its task or Actor.",
      ),
      stops.length > 0 ? listOf("Every stop", stopColumns(nameOf), stops, "") : undefined,
      against && comparison(policy, found, against, nameOf),
      front && frontSection(front),
    ],
  });
}
