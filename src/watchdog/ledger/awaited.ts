import { isEnded } from "../../policy/index.ts";
import type { LiveRun } from "../model/live.ts";
import { type Noting, type Observed, skip, type Timed } from "../model/pass.ts";
import type { LiveStore, RecordedRuns, RunItem } from "../model/ports.ts";
import { unread } from "../observe/remember.ts";
import { AGAIN_A_TICK, isMoveUntold, isSettled, MISSED_MS } from "../observe/settle.ts";
import { recalled } from "../observe/spending.ts";

/**
 * An ended run waits a day to be read for the last time. It waits beside the live index, which is written whole each minute:
 *
 *     read after 15 min ── its id and when it is due are kept ── it leaves the index ── due: back in it, as its item has it
 *                               setAside()                         writeLive()            recallDue()     writeLive()
 *
 * The id is kept before the run leaves the index, and how far recalling has come is in the index with what was recalled. So a
 * tick may die anywhere, or overlap with another: at worst a run is read once more.
 */
type Waiting = Pick<Timed, "ports"> &
  Noting &
  Pick<Observed, "live"> & {
    readonly ports: { readonly state: LiveStore & RecordedRuns };
    readonly awaited: AwaitedNotes;
  };

/** Up to when this pass has recalled what was due. */
export type AwaitedNotes = { upTo?: Date };

/** What comes due within as long is kept together, and is read at the end of it. */
const SLOT_MS = 5 * 60_000;
/** What is due so soon stays in the index: another tick may be looking for what is due by then. */
const SOON_MS = 15 * 60_000;

const endOfSlotAt = (at: Date): number => Math.ceil(at.getTime() / SLOT_MS) * SLOT_MS;

/** Does it wait for nothing but its day? A cost that was never told counts in budgets while it is in the index. */
function isWaiting(each: LiveRun, now: Date): boolean {
  const { resting, run, spent, unrecorded } = each;
  const isBooked = isSettled(each) && spent !== undefined && unrecorded === undefined;
  const inMs = (resting?.againAt?.getTime() ?? 0) - now.getTime();
  return isEnded(run.status) && isBooked && !isMoveUntold(each, now) && inMs > SOON_MS;
}

/** Keeps for their day the ended runs that `isOver` says are looked at no more until then, and takes them from the index. */
export async function setAside(
  { live, ports }: Omit<Waiting, keyof Noting> & Pick<Waiting, "ports">,
  isOver: (each: LiveRun) => boolean,
): Promise<void> {
  const now = ports.clock.now();
  const waiting = [...live.values()].filter((each) => isOver(each) && isWaiting(each, now));
  const slots = Map.groupBy(waiting, ({ resting }) => endOfSlotAt(resting?.againAt ?? now));
  for (const [dueMs, runs] of slots) {
    const runIds = runs.map(({ run }) => run.id);
    await ports.state.writeAwaited({ due: new Date(dueMs), runIds });
    for (const id of runIds) live.delete(id);
  }
}

/** A run that was recorded live since it was set aside, by a tick that could not say so, may be in any life. */
function dueNow(item: RunItem, now: Date): LiveRun {
  if (!isEnded(item.run.status)) return unread({ run: item.run, observedAt: now, source: "list" });
  const each = recalled(item, now);
  return each.resting ? { ...each, resting: { ...each.resting, againAt: now } } : each;
}

/** Takes back into the index what has come due, as much as one tick reads. What the index has by itself is left as it is. */
export async function recallDue(waiting: Waiting): Promise<void> {
  const { awaited, live, ports } = waiting;
  const now = ports.clock.now();
  const longest = new Date(now.getTime() - MISSED_MS);
  const after = awaited.upTo && awaited.upTo > longest ? awaited.upTo : longest;
  const until = new Date(Math.floor(now.getTime() / SLOT_MS) * SLOT_MS);
  if (after >= until) return;
  const ids = new Set<string>();
  let upTo = after;
  for (const { due, runIds, problem } of await ports.state.readAwaited({ after, until })) {
    if (ids.size >= AGAIN_A_TICK && due > upTo) break;
    // What is spoilt would hold up all that is due after it.
    if (problem !== undefined) {
      ports.log.warn("recalling ended runs met an item that can't be read", { problem });
      skip(waiting, "ended runs to be read again can't be read from the store");
    }
    for (const id of runIds) if (!live.has(id)) ids.add(id);
    upTo = due;
  }
  const items: ReadonlyMap<string, RunItem> = ids.size > 0 ? await ports.state.readRuns([...ids]) : new Map();
  for (const [id, item] of items) live.set(id, dueNow(item, now));
  awaited.upTo = ids.size >= AGAIN_A_TICK ? upTo : until;
}
