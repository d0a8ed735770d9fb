import type { Typical, TypicalFigure } from "../observation.ts";
import type { Run } from "../run.ts";

/** A run of the same Actor or task, and of the same user, that ended. */
export type Comparable = Pick<Run, "status" | "startedAt" | "finishedAt" | "usageTotalMicroUsd"> & {
  /** The watchdog stopped it, and nobody took that back: what it would have come to is at least as much. */
  readonly stopped?: boolean;
};

/** Until then the figure of a run that ended may still move. */
const RESTS_AFTER_MS = 60_000;

const ascending = (a: number, b: number): number => a - b;

/** The middle of what is sorted, or half way between the middle two. */
function medianOf(sorted: readonly number[]): number | undefined {
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/**
 * The median of all that is told. A run that was stopped stands above every success, whatever it had come to by then: left
 * out, each stop would lower what is usual, and the limit with it.
 */
function figureOf(
  runs: readonly Comparable[],
  told: (run: Comparable) => number | undefined,
): TypicalFigure | undefined {
  const of = (isStopped: boolean) => runs.filter(({ stopped = false }) => stopped === isStopped);
  const successes = of(false).flatMap((run) => told(run) ?? []);
  const most = Math.max(...successes);
  const stopped = of(true).map((run) => Math.max(told(run) ?? most, most));
  const median = medianOf([...successes, ...stopped].toSorted(ascending));
  if (successes.length === 0 || median === undefined) return undefined;
  return { median, runs: successes.length, ...(stopped.length > 0 && { stopped: stopped.length }) };
}

/** From start to end: the time in the queue and, of a resurrected run, between its lives is in it. */
function secsOf({ startedAt, finishedAt = startedAt }: Comparable): number | undefined {
  const secs = (finishedAt.getTime() - startedAt.getTime()) / 1000;
  return secs >= 0 ? secs : undefined;
}

const costOf = ({ usageTotalMicroUsd: cost }: Comparable): number | undefined =>
  Number.isFinite(cost) ? cost : undefined;

/**
 * What is typical by these runs, as they were read at that time: of those that succeeded, and of those that were stopped. A
 * success that does not tell a figure has no say in it.
 */
export function typicalOf(runs: readonly Comparable[], readAt: Date): Typical {
  const counted = runs.filter(
    ({ status, stopped, finishedAt }) =>
      (status === "SUCCEEDED" || stopped) &&
      finishedAt !== undefined &&
      readAt.getTime() - finishedAt.getTime() >= RESTS_AFTER_MS,
  );
  const usage = figureOf(counted, costOf);
  const time = figureOf(counted, secsOf);
  return {
    ...(usage && { usageTotalMicroUsd: { ...usage, median: Math.round(usage.median) } }),
    ...(time && { runTimeSecs: time }),
  };
}
