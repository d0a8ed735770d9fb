import {
  isWithin,
  type MicroUsd,
  type Period,
  type Spender,
  type Window,
  windowAt,
} from "../../policy/index.ts";
import type { Live } from "../model/live.ts";
import type { LedgerReads } from "../model/ports.ts";
import { readSnapshot, sumOf, sumsOf } from "./ledger.ts";
import { untoldRuns } from "./untold-runs.ts";

/** By whom, or when. */
export const SPEND_BY = ["actor", "task", "schedule", "origin", "hour", "day", "month"] as const;
export type SpendBy = (typeof SPEND_BY)[number];

/** What is known of money that was spent. */
export type Spent = {
  /** Absent: nothing of it is known. */
  readonly microUsd?: MicroUsd;
  /** How many runs have cost something that Apify does not tell: it is not in the sum. */
  readonly runsOfUnknownCost: number;
  /** What was spent earlier is not known, or not all of it. Absent: it is. */
  readonly unknownBefore?: Date;
};

/** What was spent by one, or in one stretch of time. `key`: an id or an origin, or when it begins (ISO 8601). */
export type SpendRow = Spent & { readonly key: string };

/** Of time there is a row for each stretch; of Actors, tasks, schedules and origins one where money or a run of unknown cost is. */
export type SpendReport = { readonly rows: readonly SpendRow[]; readonly total: Spent };

/** Stands for runs that have none of what is asked by. */
export const NONE = "(none)";

const KEYS: Readonly<Record<"actor" | "task" | "schedule" | "origin", (spender: Spender) => string>> = {
  actor: ({ actorId }) => actorId,
  task: ({ actorTaskId = NONE }) => actorTaskId,
  schedule: ({ scheduleId = NONE }) => scheduleId,
  origin: ({ origin = NONE }) => origin,
};

/** The hours, days or months of a span, by the calendar of a time zone; the first and the last cut to it. */
export function windowsIn(
  span: Window,
  per: Period & ("hour" | "day" | "month"),
  timeZone: string,
): readonly Window[] {
  const windows: Window[] = [];
  for (let at = span.from; at < span.to; ) {
    const window = windowAt({ per, timeZone }, at, undefined);
    if (window === undefined) break;
    windows.push({ from: at, to: window.to < span.to ? window.to : span.to });
    at = window.to;
  }
  return windows;
}

/** What is known of a sum: one of 0 beside something unknown is no 0. */
export function spentOf(
  microUsd: MicroUsd,
  runsOfUnknownCost: number,
  unknownBefore: Date | undefined,
): Spent {
  const isKnown = microUsd !== 0 || (runsOfUnknownCost === 0 && unknownBefore === undefined);
  return { ...(isKnown && { microUsd }), runsOfUnknownCost, ...(unknownBefore && { unknownBefore }) };
}

/** From when on a window is known, where that is not its beginning; all of it unknown, its end. */
function unknownBefore({ from, to }: Window, completeSince: Date | undefined): Date | undefined {
  if (completeSince !== undefined && completeSince <= from) return undefined;
  return completeSince !== undefined && completeSince < to ? completeSince : to;
}

/**
 * What was spent in a span of whole UTC hours: the dearest first or, over time, in its order. What is recorded and what
 * live runs spent since are counted once each.
 */
export async function spendReport(
  state: LedgerReads,
  { runs, recordings = 0, completeAt: asleepUntil }: Live,
  span: Window,
  by: SpendBy,
  {
    completeSince,
    timeZone,
    now,
  }: { readonly completeSince: Date | undefined; readonly timeZone: string; readonly now: Date },
): Promise<SpendReport> {
  const isTime = by === "hour" || by === "day" || by === "month";
  const windows = isTime ? windowsIn(span, by, timeZone) : [span];
  const snapshot = await readSnapshot(state, runs, { recordings, windows, now, asleepUntil });
  const untold = untoldRuns(snapshot.live.values(), now);
  const untoldIn = (window: Window) => untold.filter((each) => isWithin(each, window));
  const total = spentOf(sumOf(snapshot, span), untoldIn(span).length, unknownBefore(span, completeSince));
  if (isTime) {
    const rows = windows.map((window) => ({
      key: window.from.toISOString(),
      ...spentOf(sumOf(snapshot, window), untoldIn(window).length, unknownBefore(window, completeSince)),
    }));
    return { rows, total };
  }
  const sums = sumsOf(snapshot, span, KEYS[by]);
  const untoldBy = Map.groupBy(untoldIn(span), KEYS[by]);
  const rows = [...new Set([...sums.keys(), ...untoldBy.keys()])]
    .map((key) => ({ key, ...spentOf(sums.get(key) ?? 0, untoldBy.get(key)?.length ?? 0, undefined) }))
    .filter(({ microUsd, runsOfUnknownCost }) => microUsd !== 0 || runsOfUnknownCost > 0)
    .toSorted((a, b) => (b.microUsd ?? 0) - (a.microUsd ?? 0) || (a.key < b.key ? -1 : 1));
  return { rows, total };
}
