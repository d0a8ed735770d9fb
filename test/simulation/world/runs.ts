import type { AbortBehaviour, RunScript } from "../../../emulator/index.ts";
import type { Random } from "../random.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const BEHAVIOURS: readonly ((random: Random) => AbortBehaviour)[] = [
  (random) => ({ kind: "drains", forMs: random.int(0, 30_000) }),
  (random) => ({ kind: "drains", forMs: random.int(0, 5_000) }),
  (random) => ({ kind: "winsRace", afterMs: random.int(500, 25_000) }),
  () => ({ kind: "ignoresGraceful" }),
  () => ({ kind: "unstoppable" }),
];

function costOf(random: Random): NonNullable<RunScript["cost"]> {
  const usdPerHour = random.pick([0.1, 2, 6, 12, 30]) * random.between(0.7, 1.3);
  if (random.chance(0.2)) return { bursts: { everyMs: random.int(1, 10) * MINUTE, usd: usdPerHour / 6 } };
  if (random.chance(0.2)) {
    return {
      startUsd: 0.05,
      stretches: [{ forMs: 10 * MINUTE, usdPerHour: 0.1 }],
      thenUsdPerHour: usdPerHour,
    };
  }
  return usdPerHour;
}

function readyFor(random: Random): number {
  if (random.chance(0.6)) return random.int(0, 9_000);
  return random.chance(0.2) ? Number.POSITIVE_INFINITY : random.int(1, 20) * MINUTE;
}

/** A run that may burn, wait, end by itself, drain slowly, or not listen. */
export function randomRun(random: Random, activeMs: number): RunScript {
  const startsAfterMs = random.chance(0.3) ? -random.int(0, HOUR) : random.int(0, Math.floor(0.8 * activeMs));
  const endsWell = random.chance(0.75) ? ("SUCCEEDED" as const) : ("FAILED" as const);
  const lasts = random.chance(0.25) ? random.int(5_000, 3 * MINUTE) : random.int(3, 70) * MINUTE;
  return {
    actor: random.pick(["acme/shop-products", "acme/shop-search", "acme/news-monitor", "mapworks/places"]),
    origin: random.pick(["API", "API", "SCHEDULER", "WEB", "STANDBY"]),
    startsAfterMs,
    readyForMs: readyFor(random),
    ...(random.chance(0.1)
      ? { costMissing: random.pick(["absent", "null"] as const), cost: 1 }
      : { cost: costOf(random) }),
    usageLagMs: random.pick([0, 2_000, 8_000, 30_000, 300_000]),
    ...(random.chance(0.55) && { ends: { afterMs: lasts, status: endsWell } }),
    ...(random.chance(0.2) && { timeoutSecs: random.int(60, 3_000) }),
    rxBytesPerSec: random.pick([0, 20_000, 100_000, 400_000]),
    onAbort: random.pick(BEHAVIOURS)(random),
  };
}

export const ACTORS = [
  { name: "acme/shop-products" },
  { name: "acme/shop-search" },
  { name: "acme/news-monitor" },
  { name: "mapworks/places" },
] as const;

export const randomRuns = (random: Random, activeMs: number): readonly RunScript[] =>
  Array.from({ length: random.int(1, random.pick([4, 12])) }, () => randomRun(random, activeMs));
