import type { TrueRun } from "../../../../emulator/index.ts";
import type { LimitText, Selected } from "../policy-text.ts";
import type { Readings, ToldSuccesses } from "../readings.ts";
import { micro, type Told } from "../told.ts";

/** Until so long after its end a run's figure may still move: it does not count before that. */
const RESTS_AFTER_MS = 60_000;

/** What is usual, in USD or seconds, and by how many runs. */
type Usual = { readonly median: number; readonly runs: number };

/** `stopped`: so many runs were stopped before they could show what they came to; they stand above all others. */
function usualBy({ runs, saidMs }: ToldSuccesses, metric: string, stopped: number): Usual | undefined {
  const rested = runs.filter(({ finishedAtMs }) => saidMs - finishedAtMs >= RESTS_AFTER_MS);
  const isUsd = metric === "timesTypical.usd";
  const figures = rested
    .map(({ startedAtMs, finishedAtMs, usageTotalUsd }) =>
      isUsd ? usageTotalUsd && micro(usageTotalUsd) : (finishedAtMs - startedAtMs) / 1_000,
    )
    .filter((figure) => figure !== undefined)
    .sort((a, b) => a - b);
  const most = figures.at(-1) ?? Number.NaN;
  const all = [...figures, ...Array.from({ length: stopped }, () => most)];
  const [low, high] = [all[(all.length - 1) >> 1], all[all.length >> 1]];
  if (low === undefined || high === undefined) return undefined;
  const median = (low + high) / 2;
  return { median: isUsd ? Math.round(median) / 1e6 : median, runs: figures.length };
}

/**
 * All that can be taken for usual: by any answer that anybody had by then, for what one tick learns the others go by for
 * a day. Of a run of a task, what is usual for the task.
 */
export function usualOf(
  readings: Readings,
  run: TrueRun,
  { metric, options: { samples = 0, floor = 0 } }: LimitText,
  byMs: number,
  stopped = 0,
): readonly Usual[] {
  const actors = [run, ...((run as Partial<Selected>).actorsBefore ?? [])];
  const told =
    run.taskId === undefined
      ? actors.flatMap(({ actorId }) => readings.successesOf("actors", actorId, byMs))
      : readings.successesOf("actor-tasks", run.taskId, byMs);
  return told
    .map((each) => usualBy(each, metric, stopped))
    .filter((usual) => usual !== undefined)
    .filter(({ runs }) => runs >= samples)
    .map(({ median, runs }) => ({ median: Math.max(median, floor), runs }));
}

/** How many times the least that can be taken for usual. */
export function timesTypical(
  readings: Readings,
  run: TrueRun,
  { status, usageTotalUsd, runSecs }: Told,
  limit: LimitText,
  nowMs: number,
): number | undefined {
  const byTime = status === "READY" ? 0 : runSecs;
  const byUsd = usageTotalUsd === undefined ? undefined : micro(usageTotalUsd) / 1e6;
  const own = limit.metric === "timesTypical.usd" ? byUsd : byTime;
  const usual = usualOf(readings, run, limit, nowMs).map(({ median }) => median);
  return own === undefined || usual.length === 0 ? undefined : own / Math.min(...usual);
}
