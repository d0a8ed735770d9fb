import { dusted } from "../ground/accrual.ts";
import { accruedUsd } from "../world/cost-curve.ts";
import { PRICES } from "../world/services.ts";
import { chargedEvents, countsOf, priceUsd } from "./events.ts";
import type { Run } from "./run.ts";
import { endOf, lifeAt, runningMs, runningMsInAll } from "./timeline.ts";

const MS_PER_HOUR = 3_600_000;

/** The true cost of all the run's lives up to `atMs`, in USD, whatever the API shows. */
export function trueUsd(run: Run, atMs: number): number {
  return workUsd(run, atMs) + idleUsd(run, atMs) + chargedByCallUsd(run, atMs);
}

/** What the run's work cost, by its script: nothing is added while it is idle. */
export function workUsd(run: Run, atMs: number): number {
  let usd = 0;
  for (const life of run.lives) {
    usd += accruedUsd(run.character.cost, workingMs(run, life, atMs));
  }
  return usd;
}

/** An idle container is paid for as any other, unless only events are. */
function idleUsd(run: Run, atMs: number): number {
  if (chargedEvents(run.actor).length > 0) return 0;
  return unitsIn(run, idleMs(run, atMs)) * PRICES.ACTOR_COMPUTE_UNITS;
}

/** Compute units of so many ms: one is one gigabyte of memory for one hour, as documented. */
const unitsIn = (run: Run, ms: number): number => (run.options.memoryMbytes / 1_024) * (ms / MS_PER_HOUR);

/** The compute units that the run has taken by `atMs`. */
export const computeUnits = (run: Run, atMs: number): number => unitsIn(run, runningMsInAll(run, atMs));

/** Those of them that it took while it had work to do. */
export const workingUnits = (run: Run, atMs: number): number => unitsIn(run, workingMsInAll(run, atMs));

function workingMs(run: Run, life: Run["lives"][number], atMs: number): number {
  return Math.min(runningMs(life, atMs), run.character.idleAfterMs);
}

/** For how long the run has had work to do, over all lives. */
export function workingMsInAll(run: Run, atMs: number): number {
  return run.lives.reduce((sum, life) => sum + workingMs(run, life, atMs), 0);
}

/** For how long it has had a container and nothing to do, over all lives. */
export function idleMs(run: Run, atMs: number): number {
  return run.lives.reduce((sum, life) => sum + runningMs(life, atMs) - workingMs(run, life, atMs), 0);
}

/** Whether the run has a container and nothing left to do. */
export function isIdle(run: Run, atMs: number): boolean {
  const life = lifeAt(run, atMs);
  return life !== undefined && runningMs(life, atMs) > run.character.idleAfterMs;
}

/** What a figure of the run's cost tells as of `atMs`, in USD. */
export function reportedUsd(run: Run, atMs: number): number {
  return dusted(trueUsd(run, accountedUntil(run, atMs)));
}

/**
 * Up to which instant the figure shown at `atMs` accounts for the cost. Apify documents that dollar totals are
 * eventually consistent and that final ones need "about 10 seconds"; recordings show 12.
 *
 *     live:        ──────────── atMs − lag          end:  ── settles within settlesInMs ─▶ the end itself
 *
 * Where the figure is refreshed in steps, it is what it was at the last step, but for one at rest.
 */
export function accountedUntil(run: Run, atMs: number): number {
  const { usageLagMs, usageRefreshMs, settlesInMs } = run.character;
  let accounted = Number.NEGATIVE_INFINITY;
  for (const [index, life] of run.lives.entries()) {
    if (life.startedAtMs > atMs) break;
    const until = Math.min(atMs, run.lives[index + 1]?.startedAtMs ?? atMs);
    const endMs = endOf(life)?.atMs ?? Number.POSITIVE_INFINITY;
    const rests = until >= endMs + settlesInMs;
    const seenMs = rests ? until : lastStep(life.startedAtMs, until, usageRefreshMs);
    const settled = rests ? 1 : Math.max(0, seenMs - endMs) / settlesInMs;
    accounted = Math.max(accounted, Math.min(seenMs, endMs) - usageLagMs * (1 - settled));
  }
  return accounted;
}

/** The last refresh by `atMs`, counted from the life's start; `atMs` itself where there are no steps. */
const lastStep = (fromMs: number, atMs: number, everyMs: number): number =>
  everyMs > 0 ? fromMs + Math.floor((atMs - fromMs) / everyMs) * everyMs : atMs;

/** How often each event of a pay-per-event Actor had truly been charged at `atMs`. */
export function eventCounts(run: Run, atMs: number): Readonly<Record<string, number>> {
  const counts = countsOf(chargedEvents(run.actor), workUsd(run, atMs));
  for (const { atMs: chargedAtMs, event, count } of run.charges) {
    if (chargedAtMs <= atMs) counts[event] = (counts[event] ?? 0) + count;
  }
  return counts;
}

function chargedByCallUsd(run: Run, atMs: number): number {
  let usd = 0;
  for (const charge of run.charges) {
    const priced = chargedEvents(run.actor).find(({ event }) => event === charge.event);
    if (priced && charge.atMs <= atMs) usd += charge.count * priceUsd(priced);
  }
  return usd;
}
