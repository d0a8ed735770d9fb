import { ACTORS, everydayRuns, HOUR, MINUTE, SECOND, TASKS } from "./acme.ts";
import type { WorldFactory } from "./factory.ts";

/** Forty copies of one mistake, started by a loop within five seconds, at a dollar a minute each. */
export const burst: WorldFactory = (random) => ({
  name: "burst",
  about: "Forty runs started together pass 5 USD together, one minute from the start.",
  actors: ACTORS,
  tasks: TASKS,
  runs: [
    ...Array.from({ length: 40 }, (_, index) => ({
      actor: "acme/serp-tracker",
      origin: "API" as const,
      // Eight to the second: lists have several runs of one `startedAt`.
      startsAfterMs: -4 * MINUTE - (index % 5) * SECOND,
      readyForMs: 0,
      cost: 60,
    })),
    ...everydayRuns(random, 8, HOUR),
  ],
});
