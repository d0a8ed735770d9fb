import { ACTORS, everydayRuns, HOUR, TASKS } from "./acme.ts";
import { acmePast, DAYS } from "./acme-past.ts";
import type { WorldFactory } from "./factory.ts";

/** A month to learn from, with a day like any other behind it. */
export const pastMonth: WorldFactory = (random) => ({
  name: "past-month",
  about: `The last ${DAYS} days of some 3,000 runs of seven Actors, seven of them expensive mishaps, and a healthy day to follow.`,
  actors: ACTORS,
  tasks: TASKS,
  runs: [...acmePast(random), ...everydayRuns(random, 120, 24 * HOUR)],
});
