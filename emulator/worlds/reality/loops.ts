import { ACTORS, everydayRuns, HOUR, MINUTE, SECOND, TASKS } from "../acme.ts";
import type { WorldFactory } from "../factory.ts";

/** Each of these passes 5 USD five minutes after it was started, and whoever stops it has not stopped what starts it. */
export const loops: WorldFactory = (random) => ({
  name: "loops",
  about:
    "A schedule, a loyal helper and an impatient client start, resurrect and repeat runs of 60 USD an hour, whoever stops them.",
  actors: ACTORS,
  tasks: TASKS,
  schedules: [
    {
      name: "shop-every-ten-minutes",
      id: "schedule-shop-loop",
      fromMs: -20 * MINUTE,
      everyMs: 10 * MINUTE,
      isExclusive: true,
      starts: {
        label: "scheduled",
        actor: "acme/shop-products",
        task: "shop-us",
        cost: 60,
        timeoutSecs: 6 * 3_600,
      },
    },
    // Twenty-odd cents each, and well: a schedule like any other.
    {
      name: "news-hourly",
      id: "schedule-news-hourly",
      fromMs: -24 * HOUR,
      everyMs: HOUR,
      starts: {
        label: "hourly",
        actor: "acme/news-monitor",
        task: "news-hourly",
        cost: 1.2,
        ends: { afterMs: 12 * MINUTE, status: "SUCCEEDED" },
      },
    },
  ],
  runs: [
    {
      label: "lazarus",
      actor: "acme/video-index",
      startsAfterMs: -4 * MINUTE,
      readyForMs: 0,
      cost: 60,
      resurrected: { afterMs: 30 * SECOND, times: 25 },
    },
    {
      label: "storm",
      actor: "acme/serp-tracker",
      startsAfterMs: -4 * MINUTE,
      readyForMs: 0,
      cost: 60,
      retried: { afterMs: 10 * SECOND, times: 200 },
    },
    ...everydayRuns(random, 12, 2 * HOUR),
  ],
});
