import { isEnded } from "../policy/index.ts";
import { type Context, errorText, skip } from "./context.ts";
import { FIGURES_REST_MS } from "./ladder.ts";
import type { LiveRun } from "./live.ts";
import { CURSOR_OVERLAP_MS } from "./observe.ts";
import type { RunRecord } from "./ports.ts";
import { forEachRun, readDetail } from "./read-runs.ts";

/** A figure that will not rest is taken as it is. */
const GIVE_UP_MS = 15 * 60_000;

const endOf = ({ run, observedAt }: LiveRun): Date => run.finishedAt ?? observedAt;

/** An ended run after another reading: is its figure at rest? */
function settle(live: LiveRun): LiveRun {
  const { resting, run, observedAt } = live;
  const sinceEnd = observedAt.getTime() - endOf(live).getTime();
  const agrees =
    resting !== undefined &&
    resting.usageMicroUsd === run.usageTotalMicroUsd &&
    observedAt.getTime() - resting.at.getTime() >= FIGURES_REST_MS;
  if (agrees || sinceEnd >= GIVE_UP_MS) {
    return { ...live, recorded: { status: run.status, life: live.life.number, settled: true } };
  }
  if (resting !== undefined && resting.usageMicroUsd === run.usageTotalMicroUsd) return live;
  const usage = run.usageTotalMicroUsd;
  return { ...live, resting: { at: observedAt, ...(usage !== undefined && { usageMicroUsd: usage }) } };
}

const isSettled = ({ recorded, run, life }: LiveRun): boolean =>
  recorded?.settled === true && recorded.status === run.status && recorded.life === life.number;

/** Reads ended runs again until their figures rest, for what they ended at is still moving for a while. */
async function settleEnded(context: Context, openRunIds: ReadonlySet<string>): Promise<void> {
  const now = context.ports.clock.now();
  const due = [...context.live.values()].filter(
    (each) =>
      isEnded(each.run.status) &&
      !isSettled(each) &&
      !openRunIds.has(each.run.id) &&
      now.getTime() - endOf(each).getTime() >= FIGURES_REST_MS,
  );
  await forEachRun(
    context,
    due.map(({ run }) => run.id),
    "reading an ended run",
    async (id) => {
      if ((await readDetail(context, id)) === undefined) return;
      const read = context.live.get(id);
      if (read && isEnded(read.run.status)) context.live.set(id, settle(read));
    },
  );
}

const isNews = ({ recorded, run, life }: LiveRun): boolean =>
  recorded === undefined || recorded.status !== run.status || recorded.life !== life.number;

const recordOf = (live: LiveRun): RunRecord => ({
  run: live.run,
  life: live.life.number,
  recordedAt: live.observedAt,
  ...(isSettled(live) && { settledAt: live.observedAt }),
});

/**
 * Writes down what changed materially: runs first seen, those whose status or life changed, those whose final figure
 * is known. A failure is counted and mended by the next tick, which finds the same differences.
 */
export async function record(context: Context, openRunIds: ReadonlySet<string>): Promise<void> {
  const settledBefore = new Set([...context.live.values()].filter(isSettled).map(({ run }) => run.id));
  await settleEnded(context, openRunIds);
  const changed = [...context.live.values()].filter(
    (each) => isNews(each) || (isSettled(each) && !settledBefore.has(each.run.id)),
  );
  if (changed.length === 0) return;
  try {
    await context.ports.state.writeRuns(changed.map(recordOf));
  } catch (error) {
    context.ports.log.warn("recording runs failed", { error: errorText(error) });
    skip(context, "recording failed", changed.length);
    // Not recorded, so not settled either: the next tick reads and records them again.
    for (const each of changed) {
      const { recorded: _unwritten, ...rest } = each;
      context.live.set(each.run.id, rest);
    }
    return;
  }
  for (const each of changed) {
    const written = { status: each.run.status, life: each.life.number, settled: isSettled(each) };
    context.live.set(each.run.id, { ...each, recorded: written });
  }
}

/** Forgets what needs no more looking at: ended, settled, and too old to be listed again by the cursor. */
export function forget(context: Context, cursor: Date | undefined): void {
  for (const each of context.live.values()) {
    const behind =
      cursor !== undefined && each.run.startedAt.getTime() < cursor.getTime() - CURSOR_OVERLAP_MS;
    if (isEnded(each.run.status) && isSettled(each) && behind) context.live.delete(each.run.id);
  }
}
