import { ACTORS, everydayRuns, HOUR, MINUTE, TASKS } from "../acme.ts";
import type { WorldFactory } from "../factory.ts";

/** Apify learns a status that nobody has heard of: lists of the known ones leave such runs out, and they burn on. */
export const newStatus: WorldFactory = (random) => ({
  name: "new-status",
  about:
    "A run of 24 USD an hour is MIGRATING from minute 2 to 30, one of 1 USD for ever: no list of live runs has them.",
  actors: ACTORS,
  tasks: TASKS,
  runs: [
    {
      label: "migrating",
      actor: "acme/shop-products",
      startsAfterMs: -5 * MINUTE,
      readyForMs: 0,
      cost: 24,
      shownAs: { status: "MIGRATING", fromMs: 2 * MINUTE, untilMs: 30 * MINUTE },
    },
    {
      label: "always-migrating",
      actor: "acme/news-monitor",
      startsAfterMs: -HOUR,
      readyForMs: 0,
      cost: 1,
      shownAs: { status: "MIGRATING" },
    },
    ...everydayRuns(random, 12, 2 * HOUR),
  ],
});
