import type { Found } from "../found.ts";

/** Found in worlds with schedules that are held. */
export const OF_SOURCES: readonly Found[] = [
  {
    seed: 8,
    sources: true,
    what: "the control item was put back, and nobody was called any more to a schedule that was left disabled",
  },
  {
    seed: 39,
    sources: true,
    what: "a schedule was disabled by the policy that was in force as the tick began",
  },
  {
    seed: 43,
    sources: true,
    what: "a hold that had ended before its control state was put back was gone on with, and a schedule taken up although all was paused",
  },
];
