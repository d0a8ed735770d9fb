import type { RunScript } from "../world/script.ts";
import { ACTORS, everydayRuns, HOUR, MINUTE, SECOND, TASKS } from "./acme.ts";
import { acmePast, DAYS } from "./acme-past.ts";
import type { WorldFactory } from "./factory.ts";

/** What goes wrong in the course of the day. Times from its start, which is eight in the morning on a clock set so. */
const MISHAPS: readonly RunScript[] = [
  // A loop that whoever looks on sees come to 5 USD: 4.00 after a minute and a third, 5.00 after six.
  {
    actor: "acme/shop-products",
    task: "shop-eu",
    origin: "SCHEDULER",
    scheduleId: "schedule-shop-eu",
    startsAfterMs: -19 * MINUTE + 20 * SECOND,
    readyForMs: 0,
    cost: 12,
    usageLagMs: 500,
    memoryMbytes: 8_192,
    onAbort: { kind: "drains", forMs: 2_000 },
  },
  // A loop over a broken page: 5 USD after 33 minutes.
  { actor: "acme/shop-products", task: "shop-us", startsAfterMs: 90 * MINUTE, cost: 9, memoryMbytes: 4_096 },
  // Cheap, but it does not end: six hours are full at eight hours.
  {
    actor: "acme/news-monitor",
    task: "news-hourly",
    origin: "SCHEDULER",
    scheduleId: "schedule-news-hourly",
    startsAfterMs: 2 * HOUR,
    cost: 0.3,
  },
  // 2.5 MB a second: 20 GB after two hours and a quarter.
  {
    actor: "acme/video-index",
    startsAfterMs: 4 * HOUR,
    cost: 0.8,
    rxBytesPerSec: 2_500_000,
    memoryMbytes: 8_192,
  },
  // Waits for a worker for an hour and a half, then does its work.
  {
    actor: "acme/pdf-reports",
    origin: "WEBHOOK",
    startsAfterMs: 6 * HOUR,
    readyForMs: 95 * MINUTE,
    cost: 0.1,
    ends: { afterMs: 4 * MINUTE, status: "SUCCEEDED" },
  },
  // In lumps of a dollar, and done before the abort is.
  {
    actor: "acme/serp-tracker",
    startsAfterMs: 8 * HOUR,
    cost: { bursts: { everyMs: 6 * MINUTE, usd: 1.1 } },
    onAbort: { kind: "winsRace", afterMs: 4_000 },
  },
  // Does not listen: 5 USD after a quarter of an hour, gone only by force.
  { actor: "acme/shop-products", startsAfterMs: 11 * HOUR, cost: 20, onAbort: { kind: "ignoresGraceful" } },
  // Hits its own timeout of an hour.
  { actor: "acme/news-monitor", startsAfterMs: 13 * HOUR, cost: 0.4, timeoutSecs: 3_600 },
  // A slow leak through the evening: 5 USD after four hours and ten minutes.
  { actor: "acme/serp-tracker", origin: "CLI", startsAfterMs: 15 * HOUR, cost: 1.2 },
];

/** Odd, and nevertheless well. */
const ODDITIES: readonly RunScript[] = [
  // Standby runs live for days and have no timeout.
  { actor: "acme/price-api", origin: "STANDBY", startsAfterMs: -20 * HOUR, cost: 0.05, memoryMbytes: 512 },
  // Long by nature: four hours in the night.
  {
    actor: "acme/nightly-archive",
    task: "archive-all",
    origin: "SCHEDULER",
    scheduleId: "schedule-archive-all",
    startsAfterMs: 17 * HOUR,
    cost: 0.6,
    ends: { afterMs: 4 * HOUR, status: "SUCCEEDED" },
  },
  // Somebody else's Actor, whose cost is not told.
  ...[1, 5, 9, 17].map(
    (hour): RunScript => ({
      actor: "mapworks/places-scraper",
      origin: "WEB",
      costMissing: hour === 5 ? "null" : "absent",
      startsAfterMs: hour * HOUR,
      cost: 0.7,
      ends: { afterMs: 35 * MINUTE, status: "SUCCEEDED" },
    }),
  ),
];

/** Cheap enough and short enough for the usual limits, and of no use: it waits until its timeout after four hours. */
const IDLERS: readonly RunScript[] = [
  {
    actor: "acme/shop-products",
    startsAfterMs: 3 * HOUR,
    cost: 1.2,
    idleAfterMs: 20 * MINUTE,
    timeoutSecs: 4 * 3_600,
    memoryMbytes: 4_096,
  },
];

/** The world of the first look: a whole day, most of it well. */
export const busyDay: WorldFactory = (random) => ({
  name: "busy-day",
  about: `A day of some 200 runs of eight Actors; one comes to 5 USD after six minutes, a handful go wrong later. Behind it ${DAYS} days of some 3,000 ended runs.`,
  spentUsd: 12.48,
  actors: ACTORS,
  tasks: TASKS,
  // The past last: the day's runs have the ids that they would have without one.
  runs: [...MISHAPS, ...ODDITIES, ...everydayRuns(random, 186, 24 * HOUR), ...IDLERS, ...acmePast(random)],
});
