import { DAY_MS, isEnded, isZeroDoubtful, type Run } from "../../policy/index.ts";
import { ApifyError } from "../model/errors.ts";
import { FIGURES_REST_MS, type LiveRun, type Resting } from "../model/live.ts";
import { forEachRun } from "./for-each-run.ts";
import { readEnd } from "./list.ts";
import { readDetail } from "./look.ts";
import type { Looking } from "./looking.ts";
import { remember, type Seen } from "./remember.ts";
import { judgingMs, READ_PATIENCE_MS, withinBudget } from "./within-budget.ts";

/**
 * When an ended run is read, by its end. Two equal readings make a figure final, for the books to be closed; but some move
 * minutes later, and corrections come after days:
 *
 *     end ── 10 s ── each tick until two agree ── final ──── 15 min ──────── a day
 *                                                  again, once each: a change is a correction of its hours
 */

/** A figure that will not rest is taken as it is, and one that rested is read again. */
const LATE_MS = 15 * 60_000;
/** Read for the last time. */
const LAST_MS = DAY_MS;
/** So many a tick are read again although their figure was final. */
export const AGAIN_A_TICK = 50;

const endOf = ({ run, observedAt }: LiveRun): Date => run.finishedAt ?? observedAt;
const afterEnd = (live: LiveRun, ms: number): Date => new Date(endOf(live).getTime() + ms);

/** Is the run's end in its item, with its final figure? */
export const isSettled = ({ recorded, run, life }: LiveRun): boolean =>
  recorded?.settled === true && recorded.status === run.status && recorded.life === life.number;

/** A change is told by the next comparison with Apify's own figure, which is made once an hour. */
const TOLD_AFTER_MS = 2 * 60 * 60_000;

/** What could not be read for so long after it was due is given up. */
export const MISSED_MS = DAY_MS;

/** Has its final figure moved, and is that still to be told? */
export const isMoveUntold = ({ resting }: LiveRun, now: Date): boolean =>
  resting?.moved !== undefined && now.getTime() - resting.moved.at.getTime() < TOLD_AFTER_MS;

/** Is it still to be read again, or told of? Until then it is not forgotten. */
export const isAwaited = (live: LiveRun, now: Date): boolean =>
  (live.resting?.againAt !== undefined && now.getTime() - live.resting.againAt.getTime() < MISSED_MS) ||
  isMoveUntold(live, now);

const anyAbove = (
  counts: Readonly<Record<string, number>> = {},
  least: Readonly<Record<string, number>>,
): boolean => Object.entries(counts).some(([name, count]) => count > (least[name] ?? 0));

/** Can the figure be all of it? Not yet where Apify has not accounted for all that it has charged, nor where it is missing or doubtful. */
const isPartial = (run: Run): boolean =>
  run.usageTotalMicroUsd === undefined ||
  isZeroDoubtful(run) ||
  (run.detail?.accountedEvents !== undefined && anyAbove(run.detail.events, run.detail.accountedEvents));

/** What is said of a figure that was final, after another reading. */
function readAgain(live: LiveRun, before: Resting, usage: number | undefined): Resting {
  const { observedAt } = live;
  const by = (usage ?? before.usageMicroUsd ?? 0) - (before.usageMicroUsd ?? 0);
  const moved = by === 0 ? before.moved : { at: observedAt, microUsd: by + (before.moved?.microUsd ?? 0) };
  const figure = usage ?? before.usageMicroUsd;
  const againAt = observedAt < afterEnd(live, LAST_MS) ? afterEnd(live, LAST_MS) : undefined;
  return {
    at: before.at,
    ...(figure !== undefined && { usageMicroUsd: figure }),
    final: true,
    ...(againAt && { againAt }),
    ...(moved && { moved }),
  };
}

/** An ended run after another reading: is its figure at rest, and when is it read again? */
export function settle(live: LiveRun): LiveRun {
  const { resting, run, observedAt } = live;
  const usage = run.usageTotalMicroUsd;
  if (resting?.final) return { ...live, resting: readAgain(live, resting, usage) };
  const agrees = resting !== undefined && resting.usageMicroUsd === usage;
  const isOldEnough = resting && observedAt.getTime() - resting.at.getTime() >= FIGURES_REST_MS;
  const late = afterEnd(live, LATE_MS);
  const last = afterEnd(live, LAST_MS);
  const figure = usage === undefined ? {} : { usageMicroUsd: usage };
  const at = resting?.at ?? observedAt;
  if (observedAt >= late) {
    const again = observedAt < last ? { againAt: last } : {};
    return { ...live, resting: { at, ...figure, final: true, ...again } };
  }
  if (!agrees || !isOldEnough) return agrees ? live : { ...live, resting: { at: observedAt, ...figure } };
  // What can't be all is waited for, and not asked for every minute.
  return { ...live, resting: { at, ...figure, ...(!isPartial(run) && { final: true }), againAt: late } };
}

/**
 * An ended run that could not be read, where no other answer is to be had: it may not be read, or could not be for a day. Its
 * figure is the one that is known, and is taken for final as late as one that will not rest; until then it is not asked for
 * every minute. `undefined`: it is read again with the next tick.
 */
function settleUnread(live: LiveRun, error: unknown, now: Date): LiveRun | undefined {
  if (!(error instanceof ApifyError) || error.isOfToken) return undefined;
  if (!error.isNotPermitted && now < afterEnd(live, LAST_MS)) return undefined;
  const late = afterEnd(live, LATE_MS);
  if (now < late) return { ...live, resting: { at: now, ...live.resting, againAt: late } };
  return { ...settle({ ...live, observedAt: now }), observedAt: live.observedAt };
}

/** What this tick could not read the next one asks for. */
const NEXT_TICK_MS = 30_000;

/** An ended run that a list shows live again, and that could not be read: it is asked for also once it has ended again. */
export function dueAgain(live: LiveRun, { observedAt: at }: Pick<Seen, "observedAt">): LiveRun {
  if (!isEnded(live.run.status)) return live;
  return { ...live, resting: { at, ...live.resting, againAt: new Date(at.getTime() + NEXT_TICK_MS) } };
}

/** What is left of an ended run that is recorded, and whose figure is only read again: it is kept for a day, and there may be many. */
export function lightened({
  burn: _burn,
  samples: _samples,
  trail: _trail,
  activeUntil: _activeUntil,
  ...live
}: LiveRun): LiveRun {
  const { detail: _detail, settings: _settings, ...run } = live.run;
  // When it was in the queue and on its way out is recorded, too.
  const { number, since } = live.life;
  return { ...live, run, said: [], life: { number, since, looks: {} } };
}

function isDue(live: LiveRun, now: Date): boolean {
  if (!isEnded(live.run.status)) return false;
  const againAt = live.resting?.againAt;
  if (againAt) return now >= againAt;
  return !isSettled(live) && now >= afterEnd(live, FIGURES_REST_MS);
}

/** Reads ended runs again until their figures rest, and once more after a quarter of an hour and after a day. */
export async function settleEnded(looking: Looking, openRunIds: ReadonlySet<string>): Promise<void> {
  const now = looking.ports.clock.now();
  const due = [...looking.live.values()].filter((each) => !openRunIds.has(each.run.id) && isDue(each, now));
  const [again, first] = [due.filter(isSettled), due.filter((each) => !isSettled(each))];
  const againMs = ({ resting }: LiveRun): number => resting?.againAt?.getTime() ?? 0;
  const inTurn = again.toSorted((a, b) => againMs(a) - againMs(b)).slice(0, AGAIN_A_TICK);
  const read = async (id: string, signal: AbortSignal): Promise<void> => {
    const keep = (settled: LiveRun | undefined): void => {
      if (settled) looking.live.set(id, settled);
    };
    const endedNow = (): LiveRun | undefined => {
      const each = looking.live.get(id);
      return each && isEnded(each.run.status) ? each : undefined;
    };
    try {
      if ((await readDetail(looking, id, signal)) === undefined) return;
    } catch (error) {
      const ended = endedNow();
      const listed = ended && (await readEnd(looking, ended.run, error, signal));
      if (listed) keep(settle(remember(ended, listed, looking.completeAt)));
      else keep(ended && settleUnread(ended, error, looking.ports.clock.now()));
      throw error;
    }
    const ended = endedNow();
    keep(ended && settle(ended));
  };
  const ids = [...first, ...inTurn].map(({ run }) => run.id);
  await withinBudget(looking, judgingMs(looking), (signal) =>
    forEachRun(looking, ids, "reading an ended run", read, { patienceMs: READ_PATIENCE_MS, signal }),
  );
}
