import { ACTORS, everydayRuns, HOUR, TASKS } from "./acme.ts";
import type { WorldFactory } from "./factory.ts";

/** 0.9 USD an hour passes 5 USD after 5 h 33 min, before the six hours are full; the run began an hour ago. */
export const slowLeak: WorldFactory = (random) => ({
  name: "slow-leak",
  about: "One run costs 0.90 USD an hour, never ends, and passes 5 USD four and a half hours from the start.",
  actors: ACTORS,
  tasks: TASKS,
  runs: [
    { actor: "acme/news-monitor", origin: "API", startsAfterMs: -HOUR, readyForMs: 0, cost: 0.9 },
    ...everydayRuns(random, 20, 6 * HOUR),
  ],
});
