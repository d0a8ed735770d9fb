import { ACTORS, everydayRuns, HOUR, TASKS } from "./acme.ts";
import type { WorldFactory } from "./factory.ts";

/** Nothing to stop: a watchdog that stops anything here is wrong. */
export const quiet: WorldFactory = (random) => ({
  name: "quiet",
  about: "Two dozen healthy runs in three hours; nothing breaches anything.",
  actors: ACTORS,
  tasks: TASKS,
  runs: everydayRuns(random, 24, 3 * HOUR),
});
