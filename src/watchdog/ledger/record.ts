import { endOfSlot, hourSlot, isEnded, totalOf } from "../../policy/index.ts";
import type { LiveRun } from "../model/live.ts";
import { errorText, type Noting, type Observed, skip, type Timed } from "../model/pass.ts";
import type { LedgerWrite } from "../model/ports.ts";
import { watchedOf, written } from "../observe/curve/trail.ts";
import { isBehind } from "../observe/list.ts";
import type { Looking } from "../observe/looking.ts";
import { isAwaited, isSettled, lightened, settleEnded } from "../observe/settle.ts";
import { rebase, spendingAfter } from "../observe/spending.ts";
import { countsOf, hasUncounted } from "./counting.ts";
import { bookedWith, nextStep } from "./next-step.ts";
import type { Recording } from "./tick-ledger.ts";

/** More rounds than one run's spend can take, or several writers can cost. */
const MAX_ROUNDS = 30;

const isNews = (live: LiveRun): boolean => {
  const { recorded, run, life } = live;
  const isAsRecorded = recorded?.status === run.status && recorded.life === life.number;
  return !isAsRecorded || hasUncounted(live);
};

/** Has another UTC hour begun since it was recorded? */
const hasTurned = ({ recorded, observedAt }: LiveRun): boolean =>
  recorded?.at === undefined || hourSlot(recorded.at) !== hourSlot(observedAt);

/** By then the figures of nearly all are final: two looks a minute apart, from ten seconds after the end on. */
const SOON_FINAL_MS = 3 * 60_000;

/** Does the end of a run that is in its item wait for its final figure? So it is written once, and not twice. */
function isEndWaiting({ missingSince, recorded, resting, run }: LiveRun, now: Date): boolean {
  const { finishedAt, status } = run;
  if (!isEnded(status) || finishedAt === undefined || missingSince !== undefined) return false;
  const sinceMs = now.getTime() - finishedAt.getTime();
  return recorded !== undefined && resting?.final !== true && sinceMs >= 0 && sinceMs < SOON_FINAL_MS;
}

/** Is there something of it that must be written down now? What a live run spends may wait for the hour to turn. */
function isDue(live: LiveRun, now: Date): boolean {
  const { missingSince, resting, run, unrecorded } = live;
  if (live.unread || isEndWaiting(live, now)) return false;
  const isFinal = resting?.final === true && isEnded(run.status);
  // What Apify has no more, such as a run that was deleted, is about to be forgotten.
  const isOver = isEnded(run.status) || missingSince !== undefined;
  const hasSpent = unrecorded !== undefined && (isOver || hasTurned(live));
  return live.unrecordedBefore !== undefined || isNews(live) || hasSpent || (isFinal && !isSettled(live));
}

/** The next write of a run, and what is remembered of the run once it is written. */
export function nextWrite(live: LiveRun): { readonly write: LedgerWrite; readonly written: LiveRun } {
  const { life, observedAt, recorded, spent, resting, trail } = live;
  const { now, spender, left } = nextStep(live);
  // What only a detail shows is of the moment: no record has it.
  const { detail: _detail, ...run } = live.run;
  const isAll = left.unrecorded === undefined && left.unrecordedBefore === undefined;
  const microUsd = (recorded?.spentMicroUsd ?? 0) + totalOf(now);
  const last = Object.keys(now).at(-1);
  const until = spender ? (recorded?.at ?? spent?.at) : last && endOfSlot(last);
  const at = isAll || until === undefined ? spent?.at : until;
  const isFinal = isAll && resting?.final === true && isEnded(run.status);
  const { unrecorded: _unrecorded, unrecordedBefore: _before, ...rest } = live;
  const watched = watchedOf(live);
  const version = (recorded?.version ?? 0) + 1;
  // A step of money that is another Actor's counts nothing: the next one does.
  const { counts, counted } = spender ? { counts: {}, counted: recorded?.counted } : countsOf(live);
  const booked = at && bookedWith(recorded, now, spender);
  return {
    write: {
      record: {
        run,
        life: life.number,
        recordedAt: observedAt,
        version,
        ...(isFinal && { settledAt: observedAt }),
        ...(at && { spent: { at, microUsd } }),
        ...booked,
      },
      expectedVersion: version - 1,
      spend: now,
      ...(spender && { spender }),
      ...(counted && Object.keys(counts).length > 0 && { counts, counted }),
      ...(trail?.open && { points: trail.open }),
      ...(watched && { watched }),
    },
    written: {
      ...rest,
      ...(trail && { trail: written(trail) }),
      recorded: {
        status: run.status,
        life: life.number,
        settled: isFinal,
        version,
        at: observedAt,
        ...(counted && { counted }),
        ...(at && { spentMicroUsd: microUsd }),
        ...booked,
      },
      ...left,
    },
  };
}

/** A run whose item is gone, as behind a restore: so is what the cells had of it, and all that it has spent is unrecorded. */
function withoutItem(live: LiveRun): LiveRun {
  const {
    recorded: _gone,
    spent,
    taken: _taken,
    unrecorded: _old,
    unrecordedBefore: _before,
    ...rest
  } = live;
  const run = { ...rest.run, ...(spent && { usageTotalMicroUsd: spent.microUsd }) };
  return { ...rest, ...spendingAfter({}, { ...rest, run }, { life: rest.life.number }) };
}

/** Writes what is due, once. Who finds that a run was recorded by somebody else counts anew from there. */
async function writeRound(recording: Recording, due: readonly LiveRun[]): Promise<void> {
  const { completeAt, live, ledger, ports } = recording;
  const next = due.map(nextWrite);
  const { stale, recordings } = await ports.state.writeLedger(next.map(({ write }) => write));
  ledger.recordings += recordings;
  // What is recorded now is unrecorded no more: with cells of before it would be in neither.
  delete ledger.reading;
  const isStale = new Set(stale);
  for (const { written } of next) if (!isStale.has(written.run.id)) live.set(written.run.id, written);
  if (stale.length === 0) return;
  const items = await ports.state.readRuns(stale);
  for (const id of stale) {
    const [ours, item] = [live.get(id), items.get(id)];
    if (ours) live.set(id, item ? rebase(ours, item, completeAt, ports.clock.now()) : withoutItem(ours));
  }
}

/**
 * Writes down what changed materially: runs first seen, those whose status or life changed, what they spent when the UTC
 * hour turns and when they end, and the final figure. A failure is counted and mended by the next tick, which finds the
 * same differences; until then the budgets stop nothing.
 */
export async function recordDue(recording: Recording): Promise<void> {
  try {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const due = [...recording.live.values()].filter((each) => isDue(each, recording.ports.clock.now()));
      if (due.length === 0) return;
      await writeRound(recording, due);
    }
    throw new Error("runs kept being recorded by somebody else");
  } catch (error) {
    recording.ports.log.warn("recording runs failed", { error: errorText(error) });
    skip(recording, "recording failed");
    recording.ledger.gap = "not all that runs spent could be written down";
  }
}

/** Reads ended runs again until their figures rest, and writes down what changed. */
export async function record(recording: Recording & Looking, openRunIds: ReadonlySet<string>): Promise<void> {
  await settleEnded(recording, openRunIds);
  await recordDue(recording);
  for (const [id, live] of recording.live)
    if (isEnded(live.run.status) && isSettled(live)) recording.live.set(id, lightened(live));
}

/** Is it ended, settled, and too old to be listed again by the cursor? */
export const isOver = (live: LiveRun, cursor: Date | undefined): boolean =>
  cursor !== undefined && isBehind(live.run, cursor) && isEnded(live.run.status) && isSettled(live);

/** So many ended runs are kept for no more than to be read again: the live index is written whole, each minute. */
const MOST_AWAITED = 300;
/** What is due so soon is kept before anything that waits for a day. */
const SOON_MS = 15 * 60_000;

/**
 * Forgets what needs no more looking at: ended, settled, read for the last time, and too old to be listed again by the
 * cursor. Where too many are waited for, the cheapest of those that wait for their day go first, and that is counted: a
 * correction of them would be the smallest.
 */
export function forget(
  { live, ports, skipped }: Pick<Observed, "live"> & Noting & Pick<Timed, "ports">,
  cursor: Date | undefined,
): void {
  const now = ports.clock.now();
  const over = [...live.values()].filter((each) => isOver(each, cursor));
  const { awaited = [], done = [] } = Object.groupBy(over, (each) =>
    isAwaited(each, now) ? "awaited" : "done",
  );
  const isSoon = ({ resting }: LiveRun): boolean =>
    (resting?.againAt?.getTime() ?? 0) - now.getTime() <= SOON_MS;
  const costOf = ({ run }: LiveRun): number => run.usageTotalMicroUsd ?? Number.POSITIVE_INFINITY;
  const dropped = awaited
    .sort((a, b) => Number(isSoon(b)) - Number(isSoon(a)) || costOf(b) - costOf(a))
    .slice(MOST_AWAITED);
  for (const { run } of [...done, ...dropped]) live.delete(run.id);
  skip({ skipped }, "ended run not read again after a day", dropped.length);
}
