import { formatUsd, type MicroUsd } from "../../src/policy/index.ts";
import { guardWords } from "../../src/watchdog/audit/describe.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { Report } from "../../src/watchdog/report/report.ts";
import { isWrong } from "../../src/watchdog/report/wrong-stops.ts";
import { rangeText } from "../evidence/backtest-lines.ts";
import { count, countsText } from "../show/words.ts";
import type { NameOf } from "../target/names.ts";
import { type Part, part, tabled } from "./part.ts";
import { RULE_COLUMNS, ruleRows, stopColumns } from "./stop-tables.ts";

type Stops = Report["enforced"]["stops"] | Report["observed"]["stops"];

const unknownOf = (stops: Stops): number =>
  stops.filter(({ savedMicroUsd }) => savedMicroUsd === undefined).length;

/** `$1.20 to $3.40`, with how many are not in it; or that it can't be determined. */
function savedWords(stops: Stops, saved: Report["enforced"]["savedMicroUsd"]): string {
  const unknown = unknownOf(stops);
  if (saved === undefined) return "an amount that can't be determined";
  return `${rangeText(saved)}${unknown > 0 ? `, of ${count(unknown, "run")} unknown` : ""}`;
}

export function saved(report: Report, most: number): Part {
  const { enforced, observed, held, until } = report;
  const known = enforced.stops.flatMap(({ costMicroUsd }) => costMicroUsd ?? []);
  const untold = enforced.stops.length - known.length;
  const cost =
    known.length === 0
      ? "an unknown cost"
      : `a cost of ${formatUsd(known.reduce((sum: MicroUsd, each) => sum + each, 0))}${untold > 0 ? `, of ${count(untold, "run")} unknown` : ""}`;
  const stopped =
    enforced.stops.length === 0
      ? "No run was stopped."
      : `${count(enforced.stops.length, "run")} stopped, at ${cost}. Saved: ${savedWords(enforced.stops, enforced.savedMicroUsd)}.`;
  const would =
    observed.stops.length > 0 &&
    `${count(observed.stops.length, "run")} would have been stopped by rules in observe mode, which would have saved ${savedWords(observed.stops, observed.savedMicroUsd)}.`;
  return part(
    "Saved",
    [
      stopped,
      would,
      ...[...held].map(([guard, runs]) => `${count(runs, "run")} held: ${guardWords(guard)}.`),
    ],
    tabled(ruleRows(report), RULE_COLUMNS, most),
    [
      ...(enforced.stops.length > 0
        ? [
            `A stop saved $0.00 where the run was about to end by itself, and at most what the run would have cost by ${minuteOf(until)} UTC at its mean rate, for no longer than it had run. A stop that was undone saved $0.00.`,
          ]
        : []),
      ...(observed.stops.length > 0
        ? [
            "In observe mode: what each run has cost since it would have been stopped; the lower end leaves out what it could have burned until a stop takes effect.",
          ]
        : []),
    ],
  );
}

/** `; judged: 2 right, 1 planned`, or nothing. */
function judgedWords({ judged }: Report["wrongStops"]["enforced" | "observed"]): string {
  const said = countsText(judged);
  return said && `; judged: ${said}`;
}

export function wrong({ wrongStops, enforced, observed }: Report, nameOf: NameOf, most: number): Part {
  const stops = [...enforced.stops, ...observed.stops].filter(isWrong);
  const unjudged = [...stops, ...enforced.stops, ...observed.stops].find(
    ({ verdict }) => verdict === undefined,
  );
  const { observed: would, enforced: of } = wrongStops;
  const unknown = would.unknown > 0 ? `; how ${count(would.unknown, "run")} ended is not known` : "";
  return part(
    "Wrong stops",
    [
      of.of > 0 &&
        `${of.count} of ${count(of.of, "stop")} ${of.of === 1 ? "was" : "were"} wrong${judgedWords(of)}.`,
      would.of > 0 &&
        `In observe mode ${would.count} of ${count(would.of, "stop")} would have been wrong${judgedWords(would)}${unknown}.`,
      of.of + would.of === 0 && "No run was stopped, or would have been.",
    ],
    tabled(stops, stopColumns(nameOf), most),
    of.of + would.of === 0
      ? []
      : [
          "A stop that was judged counts as it was judged; otherwise a stop was wrong if it was undone or, in observe mode, if the run succeeded.",
          ...(unjudged ? [`To judge one: watchdog judge ${unjudged.runId} wrong --reason "…"`] : []),
        ],
  );
}
