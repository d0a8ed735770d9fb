import { formatDuration } from "../../src/policy/index.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { Report } from "../../src/watchdog/report/report.ts";
import { OVERSHOOT_COLUMNS, OVERSHOOT_NOTES } from "../lines/overshoot-lines.ts";
import { count } from "../show/words.ts";
import type { NameOf } from "../target/names.ts";
import { type Part, part, tabled } from "./part.ts";
import {
  ACTOR_COLUMNS,
  ATTENTION_COLUMNS,
  budgetColumns,
  EXEMPTION_COLUMNS,
  nearColumns,
} from "./report-tables.ts";
import { saved, wrong } from "./stop-parts.ts";

function near({ nearMisses }: Report, nameOf: NameOf, most: number): Part {
  const says =
    nearMisses === undefined
      ? "Not known: no policy is in force to judge by."
      : nearMisses.length === 0
        ? "None."
        : `${count(nearMisses.length, "run")}.`;
  return part("Near misses", [says], tabled(nearMisses ?? [], nearColumns(nameOf), most), [
    "Runs that succeeded at 80% or more of a step that stops, by the policy in force now. Of those, the report knows the runs that passed a step that notifies, or that would have been stopped; backtest looks at all runs.",
  ]);
}

function budgets({ budgets: all }: Report, nameOf: NameOf, most: number): Part {
  const notAll = all.some(({ notAllKnown }) => notAllKnown > 0);
  return part(
    "Budgets",
    [all.length === 0 && "No budget is in force."],
    tabled(all, budgetColumns(nameOf), most),
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

function actors({ actors: rows, spend, enforced, observed }: Report, nameOf: NameOf, most: number): Part {
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
  const { microUsd: sum = 0 } = total;
  const named = rows.map((row) => ({
    ...row,
    name: nameOf(row.actorId),
    ...(row.microUsd !== undefined && sum > 0 && { part: row.microUsd / sum }),
  }));
  const shown = named.slice(0, most - 1);
  const left = named.length - shown.length;
  return part(
    "Spend by Actor",
    [],
    tabled([...shown, all], ACTOR_COLUMNS, most),
    left > 0 ? [`And ${count(left, "Actor")} more, which --json has.`] : [],
  );
}

function unwatched({ unwatched: found, spend, span }: Report): Part {
  const { gapMs, pausedMs, heartbeat, completeAt, unreadable, completeSince } = found;
  const { unknownBefore, runsOfUnknownCost } = spend.total;
  const skipped = Object.entries(heartbeat?.skipped ?? {});
  const says = [
    completeSince === undefined && "No tick has seen the whole account yet.",
    unknownBefore !== undefined &&
      `What was spent before ${minuteOf(unknownBefore)} UTC: the ledger does not go back further. To fill it from Apify's list of runs: watchdog backfill --since ${minuteOf(span.from).slice(0, 10)}`,
    runsOfUnknownCost > 0 && `The cost of ${count(runsOfUnknownCost, "run")}, which Apify does not report.`,
    gapMs > 0 && `${formatDuration(Math.round(gapMs / 1000))} in which no tick was complete.`,
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
    "Ticks remember the last 100 attentions and times without a complete tick that are over.",
  ]);
}

/** A report for people, part by part; a table has so many rows at most, and `--json` all. */
export function reportParts(report: Report, nameOf: NameOf, most: number): readonly Part[] {
  const { overshoot, exemptionsEnded, attention } = report;
  return [
    saved(report, most),
    part(
      "Overshoot",
      [overshoot.length === 0 && "No run was stopped by a rule."],
      tabled(overshoot, OVERSHOOT_COLUMNS, most),
      overshoot.length > 0 ? [OVERSHOOT_NOTES] : [],
    ),
    wrong(report, nameOf, most),
    near(report, nameOf, most),
    budgets(report, nameOf, most),
    actors(report, nameOf, most),
    part(
      "Exemptions that ended",
      [exemptionsEnded.length === 0 && "None."],
      tabled(exemptionsEnded, EXEMPTION_COLUMNS, most),
    ),
    part("Attention", [attention.length === 0 && "None."], tabled(attention, ATTENTION_COLUMNS, most)),
    unwatched(report),
  ];
}
