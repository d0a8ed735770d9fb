import type { Random } from "../ground/random.ts";
import type { ActorSpec, TaskSpec } from "../world/actor.ts";
import type { RunOrigin, RunScript } from "../world/script.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** What the pretend company Acme runs. */
export const ACTORS: readonly ActorSpec[] = [
  { name: "acme/shop-products", title: "Shop products" },
  { name: "acme/news-monitor", title: "News monitor" },
  { name: "acme/nightly-archive", title: "Nightly archive" },
  { name: "acme/serp-tracker", title: "Search rank tracker" },
  { name: "acme/video-index", title: "Video index" },
  { name: "acme/pdf-reports", title: "PDF reports" },
  { name: "acme/price-api", title: "Price API" },
  {
    name: "mapworks/places-scraper",
    title: "Places",
    chargesFor: [
      { event: "apify-actor-start", priceUsd: 0.00005, atStart: 1 },
      {
        event: "place-scraped",
        priceUsd: {
          FREE: 0.006,
          BRONZE: 0.005,
          SILVER: 0.004,
          GOLD: 0.0035,
          PLATINUM: 0.003,
          DIAMOND: 0.003,
        },
      },
    ],
  },
];

export const TASKS: readonly TaskSpec[] = [
  { name: "shop-eu", actor: "acme/shop-products" },
  { name: "shop-us", actor: "acme/shop-products" },
  { name: "news-hourly", actor: "acme/news-monitor" },
  { name: "archive-all", actor: "acme/nightly-archive" },
];

/** How Acme's everyday runs come about, and how big they are. USD and minutes are ranges for a whole run. */
const EVERYDAY: readonly {
  readonly actor: string;
  readonly task?: string;
  readonly origins: readonly RunOrigin[];
  readonly usd: readonly [number, number];
  readonly minutes: readonly [number, number];
  readonly memoryMbytes: number;
}[] = [
  {
    actor: "acme/shop-products",
    task: "shop-eu",
    origins: ["SCHEDULER"],
    usd: [0.4, 2.4],
    minutes: [15, 70],
    memoryMbytes: 4_096,
  },
  {
    actor: "acme/shop-products",
    task: "shop-us",
    origins: ["SCHEDULER", "API"],
    usd: [0.6, 2.9],
    minutes: [20, 80],
    memoryMbytes: 4_096,
  },
  {
    actor: "acme/news-monitor",
    task: "news-hourly",
    origins: ["SCHEDULER"],
    usd: [0.02, 0.2],
    minutes: [2, 12],
    memoryMbytes: 1_024,
  },
  {
    actor: "acme/serp-tracker",
    origins: ["API", "WEBHOOK"],
    usd: [0.1, 0.9],
    minutes: [3, 25],
    memoryMbytes: 2_048,
  },
  {
    actor: "acme/video-index",
    origins: ["API", "ACTOR"],
    usd: [0.2, 1.6],
    minutes: [10, 50],
    memoryMbytes: 8_192,
  },
  {
    actor: "acme/pdf-reports",
    origins: ["WEBHOOK", "WEB"],
    usd: [0.01, 0.1],
    minutes: [1, 6],
    memoryMbytes: 1_024,
  },
  {
    actor: "mapworks/places-scraper",
    origins: ["WEB", "CLI", "MCP"],
    usd: [0.05, 1.8],
    minutes: [4, 40],
    memoryMbytes: 2_048,
  },
];

/** A run as Acme has hundreds: below 3 USD, below 2 GB, over in at most 80 minutes; one in 15 fails, one in 15 bursts. */
function everydayRun(random: Random, startsAfterMs: number): RunScript {
  const habit = random.pick(EVERYDAY);
  const afterMs = Math.round(random.between(...habit.minutes) * MINUTE);
  const usd = random.between(...habit.usd);
  const origin = random.pick(habit.origins);
  const evenly = { thenUsdPerHour: usd / (afterMs / HOUR) };
  const inBursts = { bursts: { everyMs: Math.ceil(afterMs / 5), usd: usd / 5 } };
  return {
    actor: habit.actor,
    ...(habit.task ? { task: habit.task } : {}),
    origin,
    ...(origin === "SCHEDULER" ? { scheduleId: `schedule-${habit.task}` } : {}),
    startsAfterMs,
    readyForMs: random.int(300, 9_000),
    cost: random.next() < 1 / 15 ? inBursts : evenly,
    usageLagMs: random.int(2_000, 20_000),
    ends: { afterMs, status: random.next() < 1 / 15 ? "FAILED" : "SUCCEEDED" },
    timeoutSecs: 3 * 3_600,
    memoryMbytes: habit.memoryMbytes,
    rxBytesPerSec: random.int(20_000, 400_000),
  };
}

/** `count` everyday runs: one in six began in the ten minutes before the world's start, the others come within `overMs`. */
export function everydayRuns(random: Random, count: number, overMs: number): RunScript[] {
  return Array.from({ length: count }, (_, index) => {
    const startsAfterMs = index % 6 === 0 && index < 60 ? -random.int(0, 10 * MINUTE) : random.int(1, overMs);
    return everydayRun(random, startsAfterMs);
  });
}
