import {
  isActive,
  isEnded,
  isLive,
  isStopping,
  isYoungLife,
  type Life,
  type Observation,
  type Run,
  type Source,
} from "../policy/index.ts";
import type { LiveRun } from "./live.ts";

/** A run as an answer of the API showed it. */
export type Seen = { readonly run: Run; readonly observedAt: Date; readonly source: Source };

const SUSPICIOUS_AGE_MS = 10 * 60_000;
const HOUR_MS = 3_600_000;

/** Just started: Apify's replicas may not know it yet, and its cost may not be told yet. */
export const isYoung = (startedAt: Date, now: Date): boolean => isYoungLife({ since: startedAt }, now);

/**
 * May this be a later life than the one we know? `startedAt` stays old over a resurrect, so the time limits must not
 * be judged before the run's detail has told its `resurrectCount`.
 */
export function suspectsNewLife(previous: LiveRun | undefined, { run, observedAt }: Seen): boolean {
  if (!isLive(run.status)) return false;
  if (previous === undefined) return observedAt.getTime() - run.startedAt.getTime() >= SUSPICIOUS_AGE_MS;
  return isActive(run.status) && (isEnded(previous.run.status) || isStopping(previous.run.status));
}

function lifeAfter(previous: LiveRun | undefined, seen: Seen): Life {
  const { run, observedAt, source } = seen;
  const count = run.detail?.resurrectCount;
  const fresh = (number: number): Life => ({ number, since: observedAt, looks: {} });
  if (previous === undefined) {
    // Old, and Apify does not say whether it was resurrected: its time counts from now, lest we count another life's.
    const untold = source === "detail" && count === undefined && suspectsNewLife(previous, seen);
    if (count || untold) return fresh(count ?? 0);
    return { number: 0, since: run.startedAt, looks: {} };
  }
  const { life } = previous;
  if (count !== undefined && count > life.number) return fresh(count);
  // From an end, or on the way to it, there is no way back but a resurrect.
  const rose = source === "detail" && count === undefined && suspectsNewLife(previous, seen);
  return rose ? fresh(life.number + 1) : life;
}

function withMarks(life: Life, { run, observedAt }: Seen): Life {
  if (run.status === "READY") return { ...life, readyUntil: observedAt };
  if (isStopping(run.status)) return { ...life, stoppingSince: life.stoppingSince ?? observedAt };
  return life;
}

function burnAfter(previous: LiveRun | undefined, { run, observedAt }: Seen): LiveRun["burn"] {
  const usage = run.usageTotalMicroUsd;
  const before = previous?.burn;
  if (usage === undefined) return before;
  if (before === undefined) return { at: observedAt, usageMicroUsd: usage };
  const elapsedMs = observedAt.getTime() - before.at.getTime();
  if (usage === before.usageMicroUsd || elapsedMs <= 0) return before;
  const microUsdPerHour = Math.max(0, ((usage - before.usageMicroUsd) * HOUR_MS) / elapsedMs);
  return { at: observedAt, usageMicroUsd: usage, microUsdPerHour };
}

/** What we know of a run after this look. A look older than the last one changes nothing. */
export function remember(previous: LiveRun | undefined, seen: Seen): LiveRun {
  if (previous !== undefined && seen.observedAt < previous.observedAt) return previous;
  const burn = burnAfter(previous, seen);
  const { recorded, resting } = previous ?? {};
  const life = withMarks(lifeAfter(previous, seen), seen);
  const sameLife = life.number === previous?.life.number;
  return {
    run: seen.run,
    observedAt: seen.observedAt,
    source: seen.source,
    life,
    ...(burn && { burn }),
    ...(recorded && { recorded }),
    said: previous?.said ?? [],
    ...(sameLife && resting && { resting }),
  };
}

/** The burn rate between figures, or until there are two, the average since this run's start. */
function burnRate({ run, burn, observedAt }: LiveRun): number | undefined {
  if (burn?.microUsdPerHour !== undefined) return burn.microUsdPerHour;
  const elapsedMs = observedAt.getTime() - run.startedAt.getTime();
  if (run.usageTotalMicroUsd === undefined || elapsedMs <= 0) return undefined;
  return (run.usageTotalMicroUsd * HOUR_MS) / elapsedMs;
}

export function observationOf(
  live: LiveRun,
  names: { readonly actorName?: string; readonly taskName?: string } = {},
): Observation {
  const burn = burnRate(live);
  const { run, observedAt, source, life } = live;
  return {
    run,
    observedAt,
    source,
    life,
    ...names,
    ...(burn !== undefined && { burnMicroUsdPerHour: burn }),
  };
}
