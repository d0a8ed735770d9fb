import { formatDuration, formatUsd, type MicroUsd } from "../../src/policy/index.ts";
import { guardWords } from "../../src/watchdog/audit/describe.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { Report } from "../../src/watchdog/report/report.ts";
import { isWrong } from "../../src/watchdog/report/wrong-stops.ts";
import { rangeText } from "../evidence/backtest-lines.ts";
import { OVERSHOOT_COLUMNS, OVERSHOOT_NOTES } from "../lines/overshoot-lines.ts";
import { count } from "../show/words.ts";
import { MOST_ROWS, type Part, part, tabled } from "./part.ts";
import {
  ACTOR_COLUMNS,
  ATTENTION_COLUMNS,
  budgetColumns,
  EXEMPTION_COLUMNS,
  nearColumns,
  RULE_COLUMNS,
  ruleRows,
  stopColumns,
} from "./report-tables.ts";

type NameOf = (id: string | undefined) => string;

type Stops = Report["enforced"]["stops"] | Report["observed"]["stops"];

const unknownOf = (stops: Stops): number =>
  stops.filter(({ savedMicroUsd }) => savedMicroUsd === undefined).length;

/** `$1.20 to $3.40`, with how many are not in it; or that it can't be determined. */
function savedWords(stops: Stops, saved: Report["enforced"]["savedMicroUsd"]): string {
  const unknown = unknownOf(stops);
  if (unknown === stops.length) return "an amount that can't be determined";
  return `${rangeText(saved)}${unknown > 0 ? `, of ${count(unknown, "run")} unknown` : ""}`;
}

function saved(report: Report): Part {
  const { enforced, observed, held, until } = report;
  const cost = enforced.stops.reduce((sum: MicroUsd, { costMicroUsd = 0 }) => sum + costMicroUsd, 0);
  const stopped =
    enforced.stops.length === 0
      ? "No run was stopped."
      : `${count(enforced.stops.length, "run")} stopped, at a known cost of ${formatUsd(cost)}. Saved: ${savedWords(enforced.stops, enforced.savedMicroUsd)}.`;
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
    tabled(ruleRows(report), RULE_COLUMNS),
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
  const said = Object.entries(judged).flatMap(([verdict, stops]) => (stops > 0 ? `${stops} ${verdict}` : []));
  return said.length === 0 ? "" : `; judged: ${said.join(", ")}`;
}

function wrong({ wrongStops, enforced, observed }: Report, nameOf: NameOf): Part {
  const stops = [...enforced.stops, ...observed.stops].filter(isWrong);
  const unjudged = [...stops, ...enforced.stops, ...observed.stops].find(
    ({ verdict }) => verdict === undefined,
  );
  const { observed: would, enforced: of } = wrongStops;
  const unknown = would.unknown > 0 ? `; how ${count(would.unknown, "run")} ended is not known` : "";
  return part(
    "Wrong stops",
    [
      of.of > 0 && `${of.count} of ${count(of.of, "stop")}${judgedWords(of)}.`,
      would.of > 0 &&
        `${would.count} of ${count(would.of, "run")} that would have been stopped${judgedWords(would)}${unknown}.`,
      of.of + would.of === 0 && "No run was stopped, or would have been.",
    ],
    tabled(stops, stopColumns(nameOf)),
    of.of + would.of === 0
      ? []
      : [
          "A stop that was judged counts as it was judged; otherwise a stop was wrong if it was undone or, in observe mode, if the run succeeded.",
          ...(unjudged ? [`To judge one: watchdog judge ${unjudged.runId} wrong --reason "…"`] : []),
        ],
  );
}

function near({ nearMisses }: Report, nameOf: NameOf): Part {
  const says =
    nearMisses === undefined
      ? "Not known: no policy is in force to judge by."
      : nearMisses.length === 0
        ? "None."
        : `${count(nearMisses.length, "run")}.`;
  return part("Near misses", [says], tabled(nearMisses ?? [], nearColumns(nameOf)), [
    "Runs that succeeded at 80% or more of a step that stops, by the policy in force now. Of those, the report knows the runs that passed a step that notifies, or that would have been stopped; backtest looks at all runs.",
  ]);
}

function budgets({ budgets: all }: Report, nameOf: NameOf): Part {
  const notAll = all.some(({ notAllKnown }) => notAllKnown > 0);
  return part(
    "Budgets",
    [all.length === 0 && "No budget is in force."],
    tabled(all, budgetColumns(nameOf)),
    all.length === 0
      ? []
      : [
          "By the policy in force now: every window that the span touches, whole, up to now. REACHED counts each window and group in which the limit was reached.",
          ...(notAll
            ? [
                "NOT KNOWN counts windows that began before the ledger did: what they came to is not known, or not all of it.",
              ]
            : []),
        ],
  );
}

function actors({ actors: rows, spend, enforced, observed }: Report, nameOf: NameOf): Part {
  const { total } = spend;
  const all = {
    ...total,
    actorId: "",
    name: "in all",
    stops: enforced.stops.length,
    savedMicroUsd: enforced.savedMicroUsd,
    observed: observed.stops.length,
    forgoneMicroUsd: observed.savedMicroUsd,
  };
  const named = rows.map((row) => ({ ...row, name: nameOf(row.actorId) }));
  const shown = named.slice(0, MOST_ROWS - 1);
  const left = named.length - shown.length;
  return part(
    "Spend by Actor",
    [],
    tabled([...shown, all], ACTOR_COLUMNS),
    left > 0 ? [`And ${count(left, "Actor")} more, which --json has.`] : [],
  );
}

function unwatched({ unwatched: found, spend, span }: Report): Part {
  const { pausedMs, heartbeat, completeAt, unreadable, completeSince } = found;
  const { unknownBefore, runsOfUnknownCost } = spend.total;
  const skipped = Object.entries(heartbeat?.skipped ?? {});
  const says = [
    completeSince === undefined && "No tick has seen the whole account yet.",
    unknownBefore !== undefined &&
      `What was spent before ${minuteOf(unknownBefore)} UTC: the ledger does not go back further. To fill it from Apify's list of runs: watchdog backfill --since ${minuteOf(span.from).slice(0, 10)}`,
    runsOfUnknownCost > 0 && `The cost of ${count(runsOfUnknownCost, "run")}, which Apify does not report.`,
    pausedMs > 0 && `${formatDuration(Math.round(pausedMs / 1000))} in which the watchdog was paused.`,
    ...(heartbeat?.blind ?? []).map(
      ({ ruleId, why, runs }) =>
        `Rule ${ruleId} is blind now${runs === undefined ? "" : `, for ${count(runs, "run")}`}: ${why}.`,
    ),
    ...skipped.map(([reason, times]) => `In the last tick: ${reason} (${times}).`),
    unreadable > 0 && `${count(unreadable, "entry", "entries")} of the audit can't be read.`,
  ].filter((each) => each !== false);
  const last =
    heartbeat !== undefined &&
    `The last complete tick was at ${completeAt ? `${minuteOf(completeAt)} UTC` : "no time yet"}.`;
  return part("Not watched", [...(says.length === 0 ? ["No gap is known."] : says), last], undefined, [
    "Times without a tick are in the alarms, not in this report.",
  ]);
}

/** A report for people, part by part. */
export function reportParts(report: Report, nameOf: NameOf): readonly Part[] {
  const { overshoot, exemptionsEnded, attention } = report;
  return [
    saved(report),
    part(
      "Overshoot",
      [overshoot.length === 0 && "No run was stopped by a rule."],
      tabled(overshoot, OVERSHOOT_COLUMNS),
      overshoot.length > 0 ? [OVERSHOOT_NOTES] : [],
    ),
    wrong(report, nameOf),
    near(report, nameOf),
    budgets(report, nameOf),
    actors(report, nameOf),
    part(
      "Exemptions that ended",
      [exemptionsEnded.length === 0 && "None."],
      tabled(exemptionsEnded, EXEMPTION_COLUMNS),
    ),
    part("Attention", [attention.length === 0 && "None."], tabled(attention, ATTENTION_COLUMNS)),
    unwatched(report),
  ];
}
