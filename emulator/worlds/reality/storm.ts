import { ACTORS, everydayRuns, HOUR, MINUTE, SECOND, TASKS } from "../acme.ts";
import type { WorldFactory } from "../factory.ts";

/**
 * 4 USD an hour is nothing, until there is one more each minute and none of them ends: 50 USD after 38 minutes, 200 after
 * 77, 1,000 after three hours. Whoever stops runs has not stopped what starts them.
 */
export const storm: WorldFactory = (random) => ({
  name: "storm",
  about:
    "A schedule starts a run of 4 USD an hour each minute, and a client starts a failing run again as soon as it has failed.",
  actors: ACTORS,
  tasks: TASKS,
  schedules: [
    {
      name: "prices-every-minute",
      title: "Prices, every minute",
      cron: "* * * * *",
      starts: {
        label: "price",
        actor: "acme/shop-products",
        task: "shop-us",
        cost: 4,
        timeoutSecs: 12 * 3_600,
      },
    },
    {
      name: "archive-nightly",
      cron: "0 2 * * *",
      timezone: "Europe/Prague",
      isExclusive: true,
      fromMs: -24 * HOUR,
      starts: {
        label: "archive",
        actor: "acme/nightly-archive",
        task: "archive-all",
        cost: 0.5,
        ends: { afterMs: 40 * MINUTE, status: "SUCCEEDED" },
      },
    },
  ],
  runs: [
    {
      label: "retry",
      actor: "acme/serp-tracker",
      cost: { startUsd: 0.02 },
      ends: { afterMs: 20 * SECOND, status: "FAILED" },
      retried: { afterMs: 10 * SECOND, on: ["FAILED"] },
    },
    ...everydayRuns(random, 12, 2 * HOUR),
  ],
});
