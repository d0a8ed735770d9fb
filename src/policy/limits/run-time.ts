import type { Observation } from "../observation.ts";
import { isActive } from "../run.ts";
import { known, type Limit, secsBetween } from "./limit.ts";
import { BY_THE_CLOCK, timeLimit } from "./time.ts";

/** Seconds that this life of a run has been running, READY time that we saw left out. */
export function runTimeSecs({ run, life: { since, readyUntil } }: Observation, now: Date): number {
  // A look is dated by when it was asked for, which may be before a run that it shows had started.
  const from = readyUntil && readyUntil > since ? readyUntil : since;
  return run.status === "READY" ? 0 : Math.max(0, secsBetween(from, now));
}

/**
 * How long this life of the run has been running: from its start, less the READY time we saw; for a resurrected
 * run from when the new life was first seen. Never from `stats`, whose refresh Apify does not document.
 */
export const runTime: Limit = {
  ...timeLimit,
  usage: "runTime",
  about: "How long this life of the run has been running, less the time it was seen in the queue.",
  pattern: /^runTime$/,
  words: () => "run time",
  judges: isActive,
  pace: ({ run }) => (run.status === "RUNNING" ? BY_THE_CLOCK : undefined),
  measure: (observation, _limit, now) => known(runTimeSecs(observation, now)),
};
