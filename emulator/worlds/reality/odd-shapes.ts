import { ACTORS, everydayRuns, HOUR, MINUTE, TASKS } from "../acme.ts";
import type { WorldFactory } from "../factory.ts";

/** Runs that are as healthy as any, but for four that are dear, told in every shape that was seen of real ones. */
export const oddShapes: WorldFactory = (random) => ({
  name: "odd-shapes",
  about:
    "Starts in 1970 or next year, ends left over from a former life, microseconds, nulls and missing parts; two runs are expensive.",
  actors: ACTORS,
  tasks: TASKS,
  runs: [
    {
      label: "starts-1970",
      actor: "acme/news-monitor",
      cost: 0.3,
      fields: { set: { startedAt: "1970-01-01T00:00:00.000Z" } },
    },
    {
      label: "starts-next-year",
      actor: "acme/serp-tracker",
      cost: 0.3,
      fields: { set: { startedAt: "2027-11-30T08:00:00.000Z" } },
    },
    // As of a brand-new run, for a while.
    {
      label: "starts-never",
      actor: "acme/serp-tracker",
      cost: 0.3,
      fields: { omit: ["startedAt"], untilMs: 10 * MINUTE },
    },
    {
      label: "end-left-over",
      actor: "acme/shop-products",
      startsAfterMs: -26 * HOUR,
      cost: 12,
      ends: { afterMs: 2 * HOUR, status: "SUCCEEDED" },
      resurrectedAfterMs: [25 * HOUR],
      keepsFinishedAt: true,
    },
    {
      label: "microseconds",
      actor: "acme/video-index",
      startsAfterMs: -10 * MINUTE,
      readyForMs: 0,
      cost: 24,
      timestamps: "microseconds",
    },
    {
      label: "few-stats",
      actor: "acme/price-api",
      origin: "STANDBY",
      startsAfterMs: -20 * HOUR,
      readyForMs: 0,
      cost: 0.05,
      fields: { in: "detail", keep: { stats: ["inputBodyLen", "resurrectCount", "computeUnits"] } },
    },
    {
      label: "no-resurrect-count",
      actor: "acme/pdf-reports",
      readyForMs: 0,
      cost: 0.3,
      fields: { in: "detail", omit: ["stats.resurrectCount"] },
    },
    {
      label: "total-without-usage",
      actor: "mapworks/places-scraper",
      readyForMs: 0,
      cost: 0.3,
      fields: { in: "detail", omit: ["usage", "usageUsd", "pricingInfo"] },
    },
    {
      label: "usage-without-total",
      actor: "acme/nightly-archive",
      readyForMs: 0,
      cost: 0.3,
      fields: { in: "detail", omit: ["usageTotalUsd", "usageUsd"] },
    },
    // No worker yet: the reference's nulls all at once.
    { label: "nulls", actor: "acme/pdf-reports", readyForMs: Number.POSITIVE_INFINITY },
    ...everydayRuns(random, 12, 2 * HOUR),
  ],
});
