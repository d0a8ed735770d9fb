import { ACTORS, everydayRuns, HOUR, MINUTE, SECOND, TASKS } from "../acme.ts";
import type { WorldFactory } from "../factory.ts";

/** Every run here works on, whatever is shown of it. */
export const standingStill: WorldFactory = (random) => ({
  name: "standing-still",
  about:
    "Stats and figures of working runs stand still for minutes, lists and details lag apart, and one list shows an ended run as live.",
  actors: ACTORS,
  tasks: TASKS,
  runs: [
    {
      label: "stats-stand",
      actor: "acme/shop-products",
      startsAfterMs: -HOUR,
      readyForMs: 0,
      cost: 0.5,
      stale: { in: "detail", what: "stats", fromMs: 5 * MINUTE, untilMs: 11 * MINUTE },
    },
    {
      label: "figure-stands",
      actor: "acme/video-index",
      startsAfterMs: -5 * MINUTE,
      readyForMs: 0,
      cost: 24,
      stale: { what: "cost", fromMs: 5 * MINUTE, untilMs: 20 * MINUTE },
    },
    {
      label: "apart",
      actor: "acme/news-monitor",
      startsAfterMs: -10 * MINUTE,
      readyForMs: 0,
      cost: 12,
      usageLagMs: 0,
      stale: [
        { in: "list", byMs: 3 * MINUTE },
        { in: "detail", byMs: 10 * SECOND },
      ],
    },
    {
      label: "ghost",
      actor: "acme/serp-tracker",
      startsAfterMs: -30 * MINUTE,
      readyForMs: 0,
      cost: 12,
      ends: { afterMs: 40 * MINUTE, status: "SUCCEEDED" },
      stale: { in: "list", what: "all", byMs: 3 * MINUTE },
    },
    // Its start is told at once, the rest two minutes after its end: 0.00005 USD, then 25.
    {
      label: "told-at-last",
      actor: "acme/pdf-reports",
      readyForMs: 0,
      cost: { startUsd: 0.00005, thenUsdPerHour: 50 },
      usageLagMs: 0,
      stale: { what: "cost", fromMs: 1, untilMs: 30 * MINUTE + 130 * SECOND },
      ends: { afterMs: 30 * MINUTE, status: "SUCCEEDED" },
    },
    ...everydayRuns(random, 12, 2 * HOUR),
  ],
});
