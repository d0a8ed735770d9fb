import {
  isActive,
  isEnded,
  isLive,
  isStopping,
  isYoungLife,
  isZeroDoubtful,
  type Life,
  type Observation,
  type Run,
  type Source,
} from "../../policy/index.ts";
import type { LiveRun } from "../model/live.ts";
import type { Known } from "../model/pass.ts";
import { activityOf, samplesAfter } from "./activity.ts";
import { averageBurn, burnAfter, measuredBurn, peakBurn } from "./burn.ts";
import { trailAfter } from "./curve/trail.ts";
import { handedOn, spendingAfter } from "./spending.ts";

/** A run as an answer of the API showed it. */
export type Seen = { readonly run: Run; readonly observedAt: Date; readonly source: Source };

const SUSPICIOUS_AGE_MS = 10 * 60_000;

/** Just started: Apify's replicas may not know it yet, and its cost may not be told yet. */
export const isYoung = (startedAt: Date, now: Date): boolean => isYoungLife({ since: startedAt }, now);

/**
 * May this be a later life than the one we know? `startedAt` stays old over a resurrect, so the time limits must not
 * be judged before the run's detail has told its `resurrectCount`.
 */
export function suspectsNewLife(previous: LiveRun | undefined, { run, observedAt }: Seen): boolean {
  if (!isLive(run.status)) return false;
  if (previous === undefined || previous.unread)
    return observedAt.getTime() - run.startedAt.getTime() >= SUSPICIOUS_AGE_MS;
  return isActive(run.status) && (isEnded(previous.run.status) || isStopping(previous.run.status));
}

/** A run that has been running for all of its age but this has had no other life. */
const BORNE_OUT_MS = 30_000;
/** What counts lag behind is told by the next tick; where they stand still nobody waits for longer than that. */
const NEXT_TICK_MS = 45_000;
const STANDING_STILL_MS = 10 * 60_000;

/**
 * Does a detail show that the run has not been running for all of its age? Its counts may lag behind its status: then they
 * are of the life before, and its age is none of this life's time.
 */
function isAgeDoubtful({ run: { detail, startedAt, status }, observedAt }: Seen): boolean {
  const ranMs = (detail?.stats.runTimeSecs ?? 0) * 1_000;
  return status !== "READY" && observedAt.getTime() - startedAt.getTime() - ranMs > BORNE_OUT_MS;
}

/** Is it sure by now that a run whose age was doubtful is in its first life? */
function isBorneOut({ life, samples }: LiveRun, doubtedAt: Date, seen: Seen): boolean {
  if (seen.run.detail?.resurrectCount !== life.number) return false;
  if (!isAgeDoubtful(seen)) return true;
  const isMoving = samplesAfter(samples, seen)?.unmovedSince === undefined;
  return seen.observedAt.getTime() - doubtedAt.getTime() >= (isMoving ? NEXT_TICK_MS : STANDING_STILL_MS);
}

function lifeAfter(previous: LiveRun | undefined, seen: Seen): Life {
  const { run, observedAt, source } = seen;
  const count = run.detail?.resurrectCount;
  const fresh = (number: number): Life => ({ number, since: observedAt, looks: {} });
  if (previous === undefined) {
    // Old, and Apify does not say whether it was resurrected: its time counts from now, lest we count another life's.
    const isOld = source === "detail" && suspectsNewLife(previous, seen);
    if (count || (isOld && count === undefined)) return fresh(count ?? 0);
    if (isOld && isAgeDoubtful(seen)) return { ...fresh(0), doubtedAt: observedAt };
    return { number: 0, since: run.startedAt, looks: {} };
  }
  const { life } = previous;
  if (count !== undefined && count > life.number) return fresh(count);
  const { doubtedAt, ...sure } = life;
  if (doubtedAt && isBorneOut(previous, doubtedAt, seen)) return { ...sure, since: run.startedAt };
  // From an end, or on the way to it, there is no way back but a resurrect.
  const isBack = source === "detail" && suspectsNewLife(previous, seen);
  if (isBack && count === undefined) return fresh(life.number + 1);
  // By its count it is the same life; but counts may stand still, and the time that it was dead must not be held against it.
  return isBack && isEnded(previous.run.status) ? fresh(life.number) : life;
}

function withMarks(life: Life, { run, observedAt }: Seen): Life {
  if (run.status === "READY") return { ...life, readyUntil: observedAt };
  if (isStopping(run.status)) return { ...life, stoppingSince: life.stoppingSince ?? observedAt };
  return life;
}

/**
 * A list may leave out a cost that was told before: it stays known, with its age. What a detail does not tell nobody
 * tells, and a rule must not go on by what it was.
 */
function keptCost(previous: LiveRun | undefined, { run, source }: Seen) {
  const usageTotalMicroUsd = previous?.run.usageTotalMicroUsd;
  if (previous === undefined || source === "detail" || run.usageTotalMicroUsd !== undefined) return undefined;
  if (usageTotalMicroUsd === undefined) return undefined;
  return { figure: { usageTotalMicroUsd }, costAt: previous.costAt ?? previous.observedAt };
}

/**
 * Is the cost of 0 that a look shows doubtful? Only details show what it is at odds with; a list goes by the last one, for
 * as long as it shows no cost.
 */
const isDoubtful = (previous: LiveRun | undefined, { run, source }: Seen): boolean =>
  source === "detail"
    ? isZeroDoubtful(run)
    : previous?.doubtful === true && (run.usageTotalMicroUsd ?? 0) === 0;

/**
 * A cost of 0 where more was known is taken for none that is told: in a list, for it may leave a cost out so, and in a
 * detail that shows what costs something. Money that was there is not gone and back again, in the hours of another time.
 */
function withoutLostCost(previous: LiveRun | undefined, { run, ...seen }: Seen): Seen {
  const { usageTotalMicroUsd: cost, ...untold } = run;
  const isLost = cost === 0 && (previous?.spent?.microUsd ?? 0) > 0;
  return { ...seen, run: isLost && (seen.source === "list" || isZeroDoubtful(run)) ? untold : run };
}

/**
 * What we know of a run after this look. A look older than the last one changes nothing. `asleepUntil`: until when a run
 * that was known to have ended was surely not live again.
 */
export function remember(known: LiveRun | undefined, look: Seen, asleepUntil?: Date): LiveRun {
  const previous = known?.unread ? undefined : known && handedOn(known, known.run, look.run);
  if (known && previous !== undefined && look.observedAt < previous.observedAt) return known;
  const seen = withoutLostCost(previous, look);
  const life = withMarks(lifeAfter(previous, seen), seen);
  // What belongs to a life goes with it: another may have other settings, and spend and do otherwise.
  const sameLife = life.number === previous?.life.number ? previous : undefined;
  const settings = seen.run.settings ?? sameLife?.run.settings;
  const burn = burnAfter(sameLife?.burn, seen);
  const samples = samplesAfter(sameLife?.samples, seen);
  const before = previous ? { ...previous, life: previous.life.number } : {};
  const spending = spendingAfter(before, seen, { life: life.number, asleepUntil });
  const kept = keptCost(previous, seen);
  const isAsked = previous?.askedAt && (seen.source === "detail" || !seen.run.usageTotalMicroUsd);
  return {
    run: { ...seen.run, ...(settings && { settings }), ...kept?.figure },
    observedAt: seen.observedAt,
    source: seen.source,
    life,
    ...(kept && { costAt: kept.costAt }),
    ...(isAsked && { askedAt: previous.askedAt }),
    ...(isDoubtful(previous, look) && { doubtful: true }),
    ...(burn.length > 0 && { burn }),
    ...(samples && { samples }),
    ...(previous?.recorded && { recorded: previous.recorded }),
    ...spending,
    ...trailAfter(sameLife, seen),
    said: previous?.said ?? [],
    ...(sameLife?.resting && { resting: sameLife.resting }),
  };
}

/** A run of which nothing is known yet and that could not be read: it is asked for until it was, also when no list shows it. */
export const unread = ({ run, observedAt, source }: Seen): LiveRun => ({
  run,
  observedAt,
  source,
  life: { number: 0, since: observedAt, looks: {} },
  unread: true,
  said: [],
});

/** What is remembered of a run as the rules get it. What it did is told by its detail alone. */
export function observationOf(live: LiveRun, known: Known = {}): Observation {
  const measured = measuredBurn(live);
  const burn = measured ?? averageBurn(live);
  const { run, observedAt, source, life, costAt } = live;
  const peak = peakBurn(live);
  const activity = source === "detail" ? activityOf(live.samples) : undefined;
  return {
    run,
    observedAt,
    source,
    life,
    ...(costAt && { costAt }),
    ...known,
    ...(burn !== undefined && { burnMicroUsdPerHour: burn }),
    ...(peak !== undefined && { peakBurnMicroUsdPerHour: peak }),
    ...(measured !== undefined &&
      run.usageTotalMicroUsd !== undefined &&
      costAt === undefined && { measuredBurnMicroUsdPerHour: measured }),
    ...(activity && { activity }),
  };
}
