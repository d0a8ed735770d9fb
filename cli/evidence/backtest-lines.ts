import { formatUsd, type MicroUsd } from "../../src/policy/index.ts";
import type { Backtest } from "../../src/watchdog/learn/backtest.ts";
import { STOPS_WITHIN_MS, TIMES_MEAN } from "../../src/watchdog/learn/known-cost.ts";
import type { Missed, NearMiss } from "../../src/watchdog/learn/left-alone.ts";
import type { History } from "../../src/watchdog/learn/past.ts";
import { type BacktestStop, type Range, savedByAll } from "../../src/watchdog/learn/stops.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { percent } from "../show/bar.ts";
import { type Column, table } from "../show/table.ts";
import { type Paint, wrapped } from "../show/terminal.ts";
import { count, countsText, usdText } from "../show/words.ts";
import { SOURCES, shareText } from "./figures.ts";
import type { NameOf } from "./names.ts";

type Look = { readonly columns: number; readonly paint: Paint };

export const rangeText = ({ from, to }: { readonly from: MicroUsd; readonly to: MicroUsd }): string =>
  from === to ? formatUsd(to) : `${formatUsd(from)} to ${formatUsd(to)}`;

/** The stops of a rule among the runs of an Actor. */
export type Row = {
  readonly ruleId: string;
  readonly actor: string;
  readonly stops: readonly BacktestStop[];
};

/** What so many stops saved. Of a run whose cost is not known that is not known either. */
export function savedBySome(saved: Range<MicroUsd>, stops: number, unknown: number): string {
  if (unknown === 0) return rangeText(saved);
  return unknown === stops ? "unknown" : `${rangeText(saved)}, of ${count(unknown, "stop")} unknown`;
}

export function savedText(stops: readonly BacktestStop[]): string {
  const unknown = stops.filter(({ costMicroUsd }) => costMicroUsd === undefined).length;
  return savedBySome(savedByAll(stops), stops.length, unknown);
}

export const wrongAmong = (stops: readonly BacktestStop[]): number =>
  stops.filter(({ isWrong }) => isWrong).length;

export const byRule: readonly Column<Row>[] = [
  { title: "RULE", cell: ({ ruleId }) => ruleId },
  { title: "STOPS", align: "right", cell: ({ stops }) => String(stops.length) },
  { title: "SURE", align: "right", cell: ({ stops }) => String(stops.filter(({ sure }) => sure).length) },
  { title: "SAVED", align: "right", cell: ({ stops }) => savedText(stops) },
  {
    title: "WRONG",
    align: "right",
    cell: ({ stops }) => String(wrongAmong(stops)),
    paint: (text, { stops }, paint) => (wrongAmong(stops) > 0 ? paint("red", text) : text),
  },
  { title: "ACTOR", cell: ({ actor }) => actor },
];

export const runColumns = (nameOf: NameOf): readonly Column<BacktestStop>[] => [
  { title: "RUN", cell: ({ runId }) => runId },
  { title: "RULE", cell: ({ ruleId }) => ruleId },
  { title: "FROM (UTC)", cell: ({ at }) => minuteOf(at.from) },
  { title: "TO", cell: ({ at }) => minuteOf(at.to) },
  {
    title: "ENDED",
    cell: ({ status, verdict }) => (verdict ? `${status}, judged ${verdict}` : status),
    paint: (text, { isWrong }, paint) => (isWrong ? paint("red", text) : text),
  },
  {
    title: "COST",
    align: "right",
    cell: ({ costMicroUsd }) => usdText(costMicroUsd),
  },
  { title: "SAVED", align: "right", cell: (stop) => savedText([stop]) },
  { title: "SURE", cell: ({ sure }) => (sure ? "yes" : "no") },
  {
    title: "ACTOR OR TASK",
    cell: ({ actorId, actorTaskId }) =>
      actorTaskId === undefined
        ? (nameOf("actor", actorId) ?? actorId)
        : (nameOf("task", actorTaskId) ?? actorTaskId),
  },
];

const SHOWN = 5;

function some<T>(all: readonly T[], text: (each: T) => string): string {
  const more = all.length > SHOWN ? `, and ${all.length - SHOWN} more` : "";
  return `${all.slice(0, SHOWN).map(text).join(", ")}${more}`;
}

const missText = ({ runId, ruleId, share }: NearMiss): string => `${runId} at ${percent(share)} of ${ruleId}`;
const missedText = ({ runId, status, costMicroUsd }: Missed): string =>
  `${runId} ${status} at ${formatUsd(costMicroUsd)}`;

/** What people said of stops, where they did. */
function judgedWords({ judged }: Backtest["wrongStops"]): string {
  const told = countsText(judged);
  return told ? `, as corrected by verdicts on stops (${told})` : "";
}

export function rowsOf({ stops }: Backtest, nameOf: NameOf): readonly Row[] {
  const groups = Map.groupBy(stops, ({ ruleId, actorId }) => JSON.stringify([ruleId, actorId]));
  return [...groups.values()]
    .flatMap((of): Row[] => {
      const [first] = of;
      if (first === undefined) return [];
      return [{ ruleId: first.ruleId, actor: nameOf("actor", first.actorId) ?? first.actorId, stops: of }];
    })
    .toSorted((a, b) => savedByAll(b.stops).to - savedByAll(a.stops).to);
}

/** What it rests on. */
export const coversText = ({ coverage }: Backtest, { source, from, until }: History): string =>
  `Covers ${count(coverage.runs, "run")} that began from ${minuteOf(from)} to ${minuteOf(until)} UTC, ${coverage.days.toFixed(0)} days, by ${SOURCES[source]}; ` +
  `of ${coverage.withCurve} it is known how their cost grew.`;

/** What it leaves out, and what it takes for granted. */
export const limitsOfIt = ({ coverage }: Backtest): readonly string[] => [
  ...coverage.notSimulated.map((each) => `Not simulated: ${each}.`),
  `Assumed: a stop takes up to ${STOPS_WITHIN_MS / 1000} s, in which a run burns at most ${TIMES_MEAN} times its mean rate.`,
];

/** Of how many, and the bound on how often: `31 runs that succeeded; of a policy …`. */
export function wrongText({ wrongStops }: Backtest): string {
  const { successes, atMost95 } = wrongStops;
  const bound =
    successes > 0
      ? `; of a policy that was not chosen by this history at most ${shareText(atMost95)} at 95 % confidence`
      : "";
  return `${count(successes, "run")} that succeeded${judgedWords(wrongStops)}${bound}`;
}

/** What came of it, a sentence each. */
export const outcomesOf = (found: Backtest): readonly string[] => {
  const { stops, wrongStops, nearMisses, missed, noticesPerDay } = found;
  return [
    `Saved: ${savedText(stops)}.`,
    `Wrong stops: ${wrongStops.count} of ${wrongText(found)}.`,
    `Near misses: ${nearMisses.length === 0 ? "none" : some(nearMisses, missText)}.`,
    `Expensive failures that no rule caught: ${missed.length === 0 ? "none" : some(missed, missedText)}.`,
    `Notices a day: ${noticesPerDay.toFixed(1)}, of stops and of steps that notify.`,
  ];
};

/** A back-test for people: what it covers first. */
export function backtestLines(
  found: Backtest,
  history: History,
  notes: readonly string[],
  nameOf: NameOf,
  { columns, paint, runs }: Look & { readonly runs: boolean },
): readonly string[] {
  const { stops } = found;
  const lines: string[] = [];
  const say = (text: string, style?: "dim"): void => {
    lines.push(...wrapped(text, columns, (line) => (style ? paint(style, line) : line)));
  };
  say(coversText(found, history));
  for (const each of [...notes, ...limitsOfIt(found)]) say(each, "dim");
  lines.push("");
  if (stops.length === 0) say("It would have stopped nothing.");
  else if (runs) lines.push(...table(stops, runColumns(nameOf), { columns, paint }));
  else lines.push(...table(rowsOf(found, nameOf), byRule, { columns, paint }));
  lines.push("");
  for (const each of outcomesOf(found)) say(each);
  return lines;
}
