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
  measure({ run, life: { since, readyUntil } }, _metric, now) {
    // A look is dated by when it was asked for, which may be before a run that it shows had started.
    const from = readyUntil && readyUntil > since ? readyUntil : since;
    return known(run.status === "READY" ? 0 : Math.max(0, secsBetween(from, now)));
  },
};
