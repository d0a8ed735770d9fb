import { ACTORS, everydayRuns, HOUR, SECOND, TASKS } from "../acme.ts";
import type { WorldFactory } from "../factory.ts";

/** What a run costs is there to be read, but not where one looks first; or is shown as nothing for hours. */
export const hiddenCost: WorldFactory = (random) => ({
  name: "hidden-cost",
  about:
    "Two runs of 60 USD an hour show their cost in the detail alone, one shows none for three hours, one shows 0 for six.",
  actors: ACTORS,
  tasks: TASKS,
  runs: [
    {
      label: "absent-in-list",
      actor: "acme/shop-products",
      startsAfterMs: -30 * SECOND,
      readyForMs: 0,
      cost: 60,
      costMissing: { as: "absent", in: "list" },
    },
    {
      label: "null-in-list",
      actor: "acme/video-index",
      startsAfterMs: -30 * SECOND,
      readyForMs: 0,
      cost: 60,
      costMissing: { as: "null", in: "list" },
    },
    {
      label: "untold",
      actor: "acme/news-monitor",
      startsAfterMs: -HOUR,
      readyForMs: 0,
      cost: 4,
      costMissing: { as: "absent", untilMs: 3 * HOUR },
    },
    // After five hours: 20 compute units, some 9,000 places, 36 USD, and a figure of 0.
    {
      label: "shown-as-zero",
      actor: "mapworks/places-scraper",
      origin: "WEB",
      readyForMs: 0,
      cost: 7.2,
      memoryMbytes: 4_096,
      costMissing: { as: "zero", untilMs: 6 * HOUR },
    },
    ...everydayRuns(random, 12, 2 * HOUR),
  ],
});
