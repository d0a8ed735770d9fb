import type { Observation } from "../../observation.ts";
import { type RunSource, sourceKey, sourceOf } from "../../run.ts";
import type { MicroUsd } from "../../values/money.ts";
import { HOUR_MS } from "../../values/slots.ts";

/** What a stop of a run is counted by. What was stopped before all of it was kept has no source, and counts by itself. */
export type Stopped = {
  readonly runId: string;
  readonly life: number;
  readonly source?: RunSource;
  readonly startedAt?: Date;
  /** What it burned at the stop. Absent: not known. */
  readonly burnMicroUsdPerHour?: number;
  /** What it had cost at the stop, over all its lives. Absent: Apify did not tell. */
  readonly usageTotalMicroUsd?: MicroUsd;
};

/** An intent made in the last hour. */
export type RecentIntent = Stopped & {
  readonly at: Date;
  /** The tick that made it. */
  readonly tickId: string;
  /** When that tick is over at the latest; once it is over, when it was. */
  readonly tickEndsBy: Date;
};

/** What an intent to stop the run as it is now is counted by. */
export const stoppedAs = ({ run, life, burnMicroUsdPerHour: burn }: Observation): Stopped => ({
  runId: run.id,
  life: life.number,
  source: sourceOf(run),
  startedAt: run.startedAt,
  ...(Number.isFinite(burn) && { burnMicroUsdPerHour: Number(burn) }),
  ...(Number.isFinite(run.usageTotalMicroUsd) && { usageTotalMicroUsd: Number(run.usageTotalMicroUsd) }),
});

/** The first stop of a source. */
export type FirstStop = { readonly at: Date; readonly runId: string };

/** The first stop of each source, of those that are known. */
export function firstStops(intents: readonly RecentIntent[]): ReadonlyMap<string, FirstStop> {
  const first = new Map<string, FirstStop>();
  for (const { source, runId, at } of intents) {
    if (source === undefined) continue;
    const key = sourceKey(source);
    const known = first.get(key);
    if (known === undefined || at < known.at) first.set(key, { at, runId });
  }
  return first;
}

/**
 * The place that all runs of the source share that it started after one of its runs was stopped, if this is one of them.
 *
 *     source   |--- a ---x
 *              |------ b ---x           live when a was stopped: a place of its own
 *                           |-- c --x   started after that: shares a place with d
 *                                   |-- d --x
 */
export function sharedPlace(
  { runId, source, startedAt }: Stopped,
  first: ReadonlyMap<string, FirstStop>,
): string | undefined {
  if (source === undefined || startedAt === undefined) return undefined;
  const key = sourceKey(source);
  const stop = first.get(key);
  return stop && stop.runId !== runId && startedAt > stop.at ? `after ${key}` : undefined;
}

/** An intent counts for sixty minutes. */
export const inLastHour = (intents: readonly RecentIntent[], now: Date): readonly RecentIntent[] =>
  intents.filter(({ at }) => now.getTime() - at.getTime() < HOUR_MS);
