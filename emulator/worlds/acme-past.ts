import type { Random } from "../ground/random.ts";
import type { RunOrigin, RunScript } from "../world/script.ts";
import { HOUR, MINUTE } from "./acme.ts";

const DAY = 24 * HOUR;
export const DAYS = 30;

/** What runs day after day. Costs and times of whole runs are log-normal around these medians. */
type Habit = Pick<RunScript, "actor" | "task" | "memoryMbytes"> & {
  readonly origins: readonly RunOrigin[];
  /** How many a day, and what of that at weekends. */
  readonly perDay: number;
  readonly atWeekends: number;
  readonly usd: number;
  readonly minutes: number;
  /** The standard deviation of the logarithm of both. */
  readonly spread: number;
};

const HABITS: readonly Habit[] = [
  {
    actor: "acme/shop-products",
    task: "shop-eu",
    origins: ["SCHEDULER"],
    perDay: 8,
    atWeekends: 1,
    usd: 1.1,
    minutes: 35,
    spread: 0.3,
    memoryMbytes: 4_096,
  },
  {
    actor: "acme/shop-products",
    task: "shop-us",
    origins: ["SCHEDULER", "API"],
    perDay: 8,
    atWeekends: 1,
    usd: 1.3,
    minutes: 40,
    spread: 0.35,
    memoryMbytes: 4_096,
  },
  {
    actor: "acme/news-monitor",
    task: "news-hourly",
    origins: ["SCHEDULER"],
    perDay: 24,
    atWeekends: 1,
    usd: 0.06,
    minutes: 5,
    spread: 0.4,
    memoryMbytes: 1_024,
  },
  {
    actor: "acme/nightly-archive",
    task: "archive-all",
    origins: ["SCHEDULER"],
    perDay: 1,
    atWeekends: 1,
    usd: 2.4,
    minutes: 230,
    spread: 0.2,
    memoryMbytes: 2_048,
  },
  {
    actor: "acme/serp-tracker",
    origins: ["API", "WEBHOOK"],
    perDay: 30,
    atWeekends: 0.3,
    usd: 0.3,
    minutes: 9,
    spread: 0.5,
    memoryMbytes: 2_048,
  },
  {
    actor: "acme/video-index",
    origins: ["API", "ACTOR"],
    perDay: 10,
    atWeekends: 0.2,
    usd: 0.6,
    minutes: 22,
    spread: 0.6,
    memoryMbytes: 8_192,
  },
  {
    actor: "acme/pdf-reports",
    origins: ["WEBHOOK", "WEB"],
    perDay: 40,
    atWeekends: 0.1,
    usd: 0.03,
    minutes: 2.5,
    spread: 0.5,
    memoryMbytes: 1_024,
  },
];

/** What went wrong: so many days ago, at so many USD an hour, until so many hours later. */
const MISHAPS: readonly (Pick<RunScript, "actor" | "task"> & {
  readonly daysAgo: number;
  readonly usdPerHour: number;
  readonly hours: number;
  readonly how: "FAILED" | "TIMED-OUT" | "SUCCEEDED";
})[] = [
  // Loops over broken pages, until their timeout.
  { actor: "acme/shop-products", task: "shop-us", daysAgo: 27.3, usdPerHour: 9, hours: 3, how: "TIMED-OUT" },
  { actor: "acme/shop-products", task: "shop-eu", daysAgo: 19.6, usdPerHour: 6, hours: 4, how: "TIMED-OUT" },
  { actor: "acme/video-index", daysAgo: 16.4, usdPerHour: 14, hours: 2.5, how: "FAILED" },
  // Left alone over a weekend.
  { actor: "acme/serp-tracker", daysAgo: 13.2, usdPerHour: 1.2, hours: 40, how: "TIMED-OUT" },
  { actor: "acme/shop-products", task: "shop-us", daysAgo: 8.8, usdPerHour: 11, hours: 3, how: "TIMED-OUT" },
  {
    actor: "acme/news-monitor",
    task: "news-hourly",
    daysAgo: 4.1,
    usdPerHour: 0.4,
    hours: 24,
    how: "FAILED",
  },
  { actor: "acme/shop-products", task: "shop-eu", daysAgo: 1.7, usdPerHour: 7, hours: 3, how: "TIMED-OUT" },
  // Expensive, and worth it: all of the archive, once a month.
  {
    actor: "acme/nightly-archive",
    task: "archive-all",
    daysAgo: 21.9,
    usdPerHour: 0.75,
    hours: 7,
    how: "SUCCEEDED",
  },
];

/** A number whose logarithm is normal around that of the median, by Box and Muller. */
function around(random: Random, median: number, spread: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return median * Math.exp(spread * normal);
}

/** A run of a habit, which cost more where it took longer. */
function habitualRun(random: Random, habit: Habit, startsAfterMs: number): RunScript {
  const { actor, task, memoryMbytes, origins, usd, minutes, spread } = habit;
  const size = around(random, 1, spread);
  const afterMs = Math.round(minutes * MINUTE * size);
  const origin = random.pick(origins);
  return {
    actor,
    ...(task !== undefined && { task }),
    ...(memoryMbytes !== undefined && { memoryMbytes }),
    origin,
    ...(origin === "SCHEDULER" && { scheduleId: `schedule-${task}` }),
    startsAfterMs,
    cost: { thenUsdPerHour: (usd * around(random, size, spread / 3)) / (afterMs / HOUR) },
    ends: { afterMs, status: random.next() < 1 / 25 ? "FAILED" : "SUCCEEDED" },
    timeoutSecs: 12 * 3_600,
  };
}

/** Weekends by days before the world's start, which is taken for a Monday. */
const isWeekend = (daysAgo: number): boolean => daysAgo % 7 === 1 || daysAgo % 7 === 2;

function dayOf(random: Random, daysAgo: number, times: number): RunScript[] {
  return HABITS.flatMap((habit) => {
    const count = Math.round(times * habit.perDay * (isWeekend(daysAgo) ? habit.atWeekends : 1));
    return Array.from({ length: count }, (_, index) => {
      const withinDay = ((index + random.next()) / count) * DAY;
      return habitualRun(random, habit, Math.round(withinDay - daysAgo * DAY));
    });
  });
}

const mishaps = (before: number): RunScript[] =>
  MISHAPS.map(({ actor, task, daysAgo, usdPerHour, hours, how }) => ({
    actor,
    ...(task !== undefined && { task, origin: "SCHEDULER", scheduleId: `schedule-${task}` }),
    startsAfterMs: -Math.round((before + daysAgo) * DAY),
    cost: usdPerHour,
    memoryMbytes: 4_096,
    timeoutSecs: how === "TIMED-OUT" ? hours * 3_600 : 48 * 3_600,
    ...(how !== "TIMED-OUT" && { ends: { afterMs: hours * HOUR, status: how } }),
  }));

/**
 * Acme's last days, thirty where nothing else is said: some hundred ended runs of seven Actors a day, or so many times as many, and
 * what went wrong among them in each thirty days.
 */
export const acmePast = (random: Random, days = DAYS, times = 1): readonly RunScript[] => [
  ...Array.from({ length: days }, (_, index) => dayOf(random, days - index, times)).flat(),
  ...Array.from({ length: days / DAYS }, (_, month) => mishaps(month * DAYS)).flat(),
];
