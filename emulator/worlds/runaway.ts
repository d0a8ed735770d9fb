import { ACTORS, everydayRuns, HOUR, MINUTE, TASKS } from "./acme.ts";
import type { WorldFactory } from "./factory.ts";

/** 24 USD an hour, begun five minutes ago: 2 USD at the start, 4 after five minutes, 5 after seven and a half. */
export const runaway: WorldFactory = (random) => ({
  name: "runaway",
  about: "One run burns 24 USD an hour among healthy ones and passes 5 USD after seven and a half minutes.",
  actors: ACTORS,
  tasks: TASKS,
  runs: [
    {
      actor: "acme/shop-products",
      task: "shop-eu",
      origin: "SCHEDULER",
      scheduleId: "schedule-shop-eu",
      startsAfterMs: -5 * MINUTE,
      readyForMs: 0,
      cost: 24,
      memoryMbytes: 8_192,
      onAbort: { kind: "drains", forMs: 12_000 },
    },
    ...everydayRuns(random, 12, HOUR),
  ],
});
