import { ACTORS, everydayRuns, HOUR, TASKS } from "./acme.ts";
import type { WorldFactory } from "./factory.ts";

const AGE_MS = 240 * HOUR;
const COST_USD = 200;

/** Most of what it cost was spent before whoever looks at it today, this week or this cycle began to count. */
export const longStanding: WorldFactory = (random) => ({
  name: "long-standing",
  about: "One run is ten days old, has cost 200 USD at 20 a day, and goes on beside everyday runs.",
  actors: ACTORS,
  tasks: TASKS,
  runs: [
    {
      actor: "acme/price-api",
      origin: "API",
      startsAfterMs: -AGE_MS,
      readyForMs: 0,
      cost: COST_USD / (AGE_MS / HOUR),
      memoryMbytes: 4_096,
    },
    ...everydayRuns(random, 40, 12 * HOUR),
  ],
});
