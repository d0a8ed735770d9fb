import { type Counts, hasFailed, hourSlot } from "../../policy/index.ts";
import type { LiveRun } from "../model/live.ts";
import type { Counted } from "../model/ports.ts";

/**
 * What is counted of a run, each once, in the hour in which it happened:
 *
 *     a start      by its id: a resurrect is no other start, for nothing but the person who asked for it starts it
 *     a failure    by when it ended: FAILED or TIMED-OUT, after each resurrect again
 */

/** What of a run is in no cell yet, and what the cells have once that is. */
export function countsOf({ run, observedAt, recorded }: Pick<LiveRun, "run" | "observedAt" | "recorded">): {
  readonly counts: Counts;
  readonly counted: Counted;
} {
  const before = recorded?.counted;
  const starts = before === undefined ? { runs: { [hourSlot(run.startedAt)]: 1 } } : {};
  // Without an end of its own it is the failure that is counted, if one is.
  const failedAt = hasFailed(run.status) ? (run.finishedAt ?? before?.failedAt ?? observedAt) : undefined;
  const isNew = failedAt !== undefined && !(before?.failedAt !== undefined && failedAt <= before.failedAt);
  if (!isNew) return { counts: starts, counted: before ?? { failures: 0 } };
  // Nothing has happened after it was seen, whatever an answer says.
  const slot = hourSlot(failedAt < observedAt ? failedAt : observedAt);
  return {
    counts: { ...starts, failures: { [slot]: 1 } },
    counted: { failures: (before?.failures ?? 0) + 1, failedAt },
  };
}

/** Is there anything of it to count? */
export const hasUncounted = (live: Parameters<typeof countsOf>[0]): boolean =>
  Object.keys(countsOf(live).counts).length > 0;
