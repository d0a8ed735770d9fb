import { known, type Limit, secsBetween } from "./limit.ts";
import { BY_THE_CLOCK, timeLimit } from "./time.ts";

/** How long a run has waited in READY, where it is queued and costs nothing yet. */
export const queueTime: Limit = {
  ...timeLimit,
  usage: "queueTime",
  about: "How long the run has waited in READY, where it costs nothing yet.",
  pattern: /^queueTime$/,
  words: () => "queue time",
  judges: (status) => status === "READY",
  pace: () => BY_THE_CLOCK,
  measure: ({ life }, _limit, now) => known(Math.max(0, secsBetween(life.since, now))),
};
