import { DAY_MS, isEnded, knownSince, type Policy, windowAt } from "../../policy/index.ts";
import { FIGURES_REST_MS, type LiveRun } from "../model/live.ts";
import type { Backfill, LedgerState } from "../model/ports.ts";
import { budgetsOf } from "./ledger.ts";
import { asLive, type BackfillPorts, recordByDetail, recordEnded } from "./record-ended.ts";
import { updateLedger } from "./update-ledger.ts";

/**
 * Fills the ledger from Apify's run list with what ended before the watchdog looked. Page by page, each written down
 * before the next is asked for, so that it goes on from there after any end.
 *
 *     listed from        since                    until
 *     |-- seven days --|==== what is filled ====|---- the ticks see these themselves ----
 */

/** Apify's longest usual timeout: what ran on from before this far back into the time to fill is not found. */
const LONGEST_RUN_MS = 7 * DAY_MS;
/** A figure is taken as it is this long after the end; one that is younger is read again. */
const SETTLED_AFTER_MS = 15 * 60_000;
/** Not more than two requests a second, so that a long history is no burden. */
const BETWEEN_PAGES_MS = 500;

/**
 * So often the end is come to before the fill goes on without reading runs that can't be read: what one run's detail is in
 * trouble with must not keep all budgets from stopping anything.
 */
const MOST_TRIES = 10;
/** So many of those are named. */
const MOST_NAMED = 20;

/** Since when the budgets of a policy need the ledger, if it does not go back so far. */
export function neededSince(policy: Policy, state: LedgerState, now: Date): Date | undefined {
  if (state.completeSince === undefined) return undefined;
  const open = budgetsOf(policy).flatMap(({ budget }) => {
    const from = windowAt(budget, now, state.cycle)?.from;
    const known = knownSince(state, budget.of);
    return from && known && from < known ? from.getTime() : [];
  });
  return open.length > 0 ? new Date(Math.min(...open)) : undefined;
}

/** Since when all of it is known: what runs spent and, from a later version of the watchdog on, their starts and failures. */
function allSince({ completeSince, countedSince }: LedgerState): Date | undefined {
  return completeSince && countedSince && countedSince > completeSince ? countedSince : completeSince;
}

/** The filling to do for this instant: the one that is under way if it goes back far enough, else another. */
export function planBackfill(state: LedgerState, since: Date): Backfill | undefined {
  const { backfill } = state;
  const until = allSince(state);
  if (until === undefined || since >= until) return undefined;
  // One that was begun before runs were counted does not come to where their counts are known.
  if (backfill && backfill.since <= since && backfill.until >= until) return backfill;
  return { since, until, runs: 0, unsettled: [] };
}

const unsettled = ({ resting: _final, ...live }: LiveRun): LiveRun => live;

/** One page. Returns how far it has come; that has no `place` once there are no more pages. */
async function fillPage(
  ports: BackfillPorts,
  backfill: Backfill,
  signal: AbortSignal,
): Promise<{
  readonly next: Backfill;
  readonly malformed: number;
  readonly isCut: boolean;
}> {
  const { since, until, place } = backfill;
  const filter = { startedAfter: new Date(since.getTime() - LONGEST_RUN_MS), startedBefore: until };
  const page = await ports.apify.runsPage(filter, place, signal);
  const ended = page.runs.filter(({ status, finishedAt }) => isEnded(status) && finishedAt !== undefined);
  const isYoung = ({ finishedAt }: (typeof ended)[number]): boolean =>
    page.observedAt.getTime() - (finishedAt?.getTime() ?? 0) < SETTLED_AFTER_MS;
  const all = ended.map((run) => asLive(run, page.observedAt));
  const [young, lives] = [all.filter(({ run }) => isYoung(run)), all.filter(({ run }) => !isYoung(run))];
  const untold = new Map(lives.flatMap((live) => (live.spent === undefined ? [[live.run.id, live]] : [])));
  const told = await recordEnded(
    ports,
    lives.filter(({ run }) => !untold.has(run.id)),
  );
  const read = await recordByDetail(ports, [...untold.keys()], signal, untold);
  // As the list has them: by the time that their figures are read again they may be gone.
  await recordEnded(ports, young.map(unsettled));
  const runs = told + read.runs;
  const { place: _done, ...rest } = backfill;
  const next = {
    ...rest,
    runs: backfill.runs + runs,
    unsettled: [...new Set([...backfill.unsettled, ...young.map(({ run }) => run.id), ...read.later])],
    ...(page.next && { place: page.next }),
  };
  return { next, malformed: page.malformed, isCut: signal.aborted && read.later.length > 0 };
}

/**
 * Fills back to `since`, until it is done or the signal aborts. `onPage` is told after each page how far it has come, and
 * how many items of it could not be read. Several may fill at once: a run is recorded once all the same. Returns the
 * ledger's state as it stands then.
 */
export async function fill(
  ports: BackfillPorts,
  since: Date,
  signal: AbortSignal,
  onPage: (progress: Backfill, malformed: number) => void = () => undefined,
): Promise<LedgerState> {
  for (;;) {
    const state = await ports.state.readLedger();
    const plan = planBackfill(state, since);
    if (plan === undefined || signal.aborted) return state;
    const { next, malformed, isCut } = await fillPage(ports, plan, signal);
    // What was read of a page that time cut short is recorded: next time it is passed over.
    if (isCut) return state;
    if (next.place === undefined) {
      const { runs, later } = await recordUnsettled(ports, next.unsettled, signal);
      if (signal.aborted) return state;
      if (later.length > 0) await putOff(ports, plan, later);
      onPage({ ...next, runs: next.runs + runs }, malformed);
      return updateLedger(ports, ({ backfill: _done, ...rest }) => ({
        ...rest,
        ...reaching(rest, next.since),
      }));
    }
    await updateLedger(ports, (now) => withProgress(now, next));
    onPage(next, malformed);
    await ports.clock.sleep(BETWEEN_PAGES_MS, signal);
  }
}

/** Records the last ones, which had ended only just when they were listed, once their figures rest. */
async function recordUnsettled(ports: BackfillPorts, ids: readonly string[], signal: AbortSignal) {
  let { runs, later, moving } = await recordByDetail(ports, ids, signal);
  while (moving.length > 0 && !signal.aborted) {
    await ports.clock.sleep(FIGURES_REST_MS, signal);
    const again = await recordByDetail(ports, moving, signal);
    runs += again.runs;
    later = [...later, ...again.later];
    moving = again.moving;
  }
  return { runs, later };
}

/**
 * Notes that it can't be finished yet, and throws; or, tried often enough, leaves these as the list had them, and notes that
 * it is without those whose cost that did not tell.
 */
async function putOff(ports: BackfillPorts, plan: Backfill, unread: readonly string[]): Promise<void> {
  const tries = (plan.tries ?? 0) + 1;
  if (tries < MOST_TRIES) {
    await updateLedger(ports, (now) => withProgress(now, { ...plan, tries }));
    throw new Error(`${unread.length} of the runs to fill with could not be read`);
  }
  const items = await ports.state.readRuns(unread);
  const left = unread.filter((id) => items.get(id)?.spent === undefined);
  if (left.length === 0) return;
  const runIds = left.slice(0, MOST_NAMED);
  ports.log.warn("runs that could not be read are left out of the ledger", { runs: left.length, runIds });
}

/** Who fills as well may have come to the end meanwhile, or go back further: then its progress stands. */
function withProgress(now: LedgerState, backfill: Backfill): LedgerState {
  const standing = planBackfill(now, backfill.since);
  const isOurs = standing?.since.getTime() === backfill.since.getTime();
  return isOurs ? { ...now, backfill } : now;
}

const reaching = ({ completeSince, countedSince }: LedgerState, since: Date) => ({
  completeSince: completeSince && completeSince < since ? completeSince : since,
  ...(countedSince && { countedSince: countedSince < since ? countedSince : since }),
});
