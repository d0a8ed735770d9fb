import { type MicroUsd, type Period, type Spender, type Window, windowAt } from "../../policy/index.ts";
import type { Live } from "../model/live.ts";
import type { LedgerReads } from "../model/ports.ts";
import { readSnapshot, sumOf, sumsOf } from "./ledger.ts";

/** By whom, or when. */
export const SPEND_BY = ["actor", "task", "origin", "hour", "day", "month"] as const;
export type SpendBy = (typeof SPEND_BY)[number];

/** What was spent by one, or in one stretch of time. `key`: an id or an origin, or when it begins (ISO 8601). */
export type SpendRow = { readonly key: string; readonly microUsd: MicroUsd };

export type SpendReport = { readonly rows: readonly SpendRow[]; readonly totalMicroUsd: MicroUsd };

/** Stands for runs that have none of what is asked by. */
export const NONE = "(none)";

const KEYS: Readonly<Record<"actor" | "task" | "origin", (spender: Spender) => string>> = {
  actor: ({ actorId }) => actorId,
  task: ({ actorTaskId = NONE }) => actorTaskId,
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
    const window = windowAt({ microUsd: 0, per, each: "account", timeZone }, at, undefined);
    if (window === undefined) break;
    windows.push({ from: at, to: window.to < span.to ? window.to : span.to });
    at = window.to;
  }
  return windows;
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
  { timeZone, now }: { readonly timeZone: string; readonly now: Date },
): Promise<SpendReport> {
  const isTime = by === "hour" || by === "day" || by === "month";
  const windows = isTime ? windowsIn(span, by, timeZone) : [span];
  const snapshot = await readSnapshot(state, runs, { recordings, windows, now, asleepUntil });
  const rows = isTime
    ? windows.map((window) => ({
        key: window.from.toISOString(),
        microUsd: sumOf(snapshot, window),
      }))
    : [...sumsOf(snapshot, span, KEYS[by])]
        .map(([key, microUsd]) => ({ key, microUsd }))
        .filter(({ microUsd }) => microUsd !== 0)
        .toSorted((a, b) => b.microUsd - a.microUsd || (a.key < b.key ? -1 : 1));
  return { rows, totalMicroUsd: rows.reduce((sum, { microUsd }) => sum + microUsd, 0) };
}
