import { ACTORS, everydayRuns, HOUR, TASKS } from "./acme.ts";
import { acmePast } from "./acme-past.ts";
import type { WorldFactory } from "./factory.ts";

const DAYS = 90;
/** So that some 10,000 runs come together. */
const TIMES = 1.12;

/** What a larger account has behind it: to see how long the whole of it takes. */
export const pastQuarter: WorldFactory = (random) => ({
  name: "past-quarter",
  about: `The last ${DAYS} days of some 10,000 runs of seven Actors, seven of them expensive mishaps in each thirty, and a healthy day to follow.`,
  actors: ACTORS,
  tasks: TASKS,
  runs: [...acmePast(random, DAYS, TIMES), ...everydayRuns(random, 120, 24 * HOUR)],
});
