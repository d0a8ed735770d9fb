import { isActive } from "../run.ts";
import { known, type Limit, secsBetween } from "./limit.ts";
import { timeLimit } from "./time.ts";

/**
 * How long this life of the run has been running: from its start, less the READY time we saw; for a resurrected
 * run from when the new life was first seen. Never from `stats`, whose refresh Apify does not document.
 */
export const runTime: Limit = {
  ...timeLimit,
  matches: (metric) => metric === "runTime",
  usage: "runTime",
  judges: isActive,
  measure: ({ run, life }, _metric, now) =>
    known(run.status === "READY" ? 0 : Math.max(0, secsBetween(life.readyUntil ?? life.since, now))),
};
