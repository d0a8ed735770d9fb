import { isStopping } from "../run.ts";
import { known, type Limit, secsBetween } from "./limit.ts";
import { BY_THE_CLOCK, timeLimit } from "./time.ts";

/** How long a run has been ABORTING or TIMING-OUT since we first saw it so; Apify does not date it. */
export const abortingTime: Limit = {
  ...timeLimit,
  usage: "abortingTime",
  about: "How long the run has been ABORTING or TIMING-OUT since it was first seen so.",
  pattern: /^abortingTime$/,
  words: () => "time in ABORTING",
  judges: isStopping,
  pace: () => BY_THE_CLOCK,
  measure: ({ life }, _limit, now) => known(Math.max(0, secsBetween(life.stoppingSince ?? now, now))),
};
