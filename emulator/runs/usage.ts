import { accruedUsd } from "../world/cost-curve.ts";
import { PRICES } from "../world/services.ts";
import { chargedEvents } from "./events.ts";
import type { Run } from "./run.ts";
import { lifeAt, runningMs, runningMsInAll } from "./timeline.ts";

const MS_PER_HOUR = 3_600_000;

/** What the run's work cost, by its script: nothing is added while it is idle. */
export function workUsd(run: Run, atMs: number): number {
  let usd = 0;
  for (const life of run.lives) {
    usd += accruedUsd(run.character.cost, workingMs(run, life, atMs));
  }
  return usd;
}

/** An idle container is paid for as any other, unless only events are. */
export function idleUsd(run: Run, atMs: number): number {
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
