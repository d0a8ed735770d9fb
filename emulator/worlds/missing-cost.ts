import { ACTORS, everydayRuns, HOUR, MINUTE, TASKS } from "./acme.ts";
import type { WorldFactory } from "./factory.ts";

/** Somebody else's Actor tells no cost: the key is left out, or null. Time is all that is left to judge by. */
export const missingCost: WorldFactory = (random) => ({
  name: "missing-cost",
  about: "Five runs without usageTotalUsd, three of them past six hours; the others are healthy.",
  actors: ACTORS,
  tasks: TASKS,
  runs: [
    { actor: "mapworks/places-scraper", costMissing: "absent", startsAfterMs: -7 * HOUR, cost: 3 },
    { actor: "mapworks/places-scraper", costMissing: "null", startsAfterMs: -390 * MINUTE, cost: 0.1 },
    { actor: "acme/news-monitor", task: "news-hourly", costMissing: "absent", startsAfterMs: -8 * HOUR },
    // Dear, but nobody can see it, and not yet six hours old.
    { actor: "mapworks/places-scraper", costMissing: "absent", startsAfterMs: -HOUR, cost: 9 },
    { actor: "mapworks/places-scraper", costMissing: "null", startsAfterMs: -MINUTE },
    ...everydayRuns(random, 8, HOUR),
  ],
});
