import type { Fate, Freeze, WallClock } from "../process/process.ts";
import type { Random } from "../random.ts";
import type { Temper } from "./tempers.ts";

const MINUTE = 60_000;

/** One tick to come. Times in ms from the world's start, then from the tick's. */
export type PlannedTick = {
  readonly atMs: number;
  /** When its process is over at the latest. */
  readonly timeoutMs: number;
  /** When it is told to stop starting work. */
  readonly signalAfterMs: number;
  /** For how long after its start it may wait for a step that is about to be reached. Absent: it does not wait. */
  readonly watchMs?: number;
  readonly fate?: Fate;
  readonly freeze?: Freeze;
  readonly clock?: WallClock;
  /** May it use what an earlier tick's process has in memory? */
  readonly isWarm: boolean;
};

/** Where it hurts most: around the intent, the call, what is written after it, and what is spent. */
const SORE_POINTS = [
  "append abort.intended",
  "append abort.forced",
  "append abort",
  "POST",
  "writeControl",
  "writeLedger",
  "writeLive",
];

function randomFate(random: Random): Fate {
  const stage = random.pick(["before", "after", "answered"] as const);
  if (random.chance(0.5)) return { atCall: random.int(0, 60), stage };
  return { on: random.pick(SORE_POINTS), atCall: random.pick([0, 0, 0, 1, 2]), stage };
}

/** Where it matters that time has gone by: after what was read, and after what was promised or claimed. */
const NUMB_POINTS = [
  "GET /v2/actor-runs/",
  "readControl",
  "append abort",
  "writeControl",
  "readChain",
  "POST",
];

const LONG_MS = [6_000, 15_000, 25_000, 90_000, 5 * MINUTE, 15 * MINUTE];

function randomFreeze(random: Random): Freeze {
  const how = { forMs: random.pick(LONG_MS), stopsClock: random.chance(0.5) };
  if (random.chance(0.3)) return { atCall: random.int(0, 30), ...how };
  return { on: random.pick(NUMB_POINTS), atCall: random.pick([0, 0, 1, 2, 4]), ...how };
}

/** Clocks differ by seconds at any time; those of a bad day by more than is good, both ways, or somebody sets them. */
export function randomClock(random: Random, isBad: boolean): WallClock {
  const secondsMs = random.int(-SECONDS_MS, SECONDS_MS);
  const [isOff, isSet] = [random.chance(0.25), random.chance(0.25)];
  const aheadMs = random.pick(OFF_MS) * random.pick([-1, 1]) + random.int(-500, 500);
  const set = { afterMs: random.int(100, 20_000), byMs: random.pick(OFF_MS) * random.pick([-1, 1]) };
  if (!isBad) return { aheadMs: secondsMs };
  return { aheadMs: isOff ? aheadMs : secondsMs, ...(isSet && { set }) };
}

/** Is this a world in which some clocks are worse than that? Asked of the chance that ticks are drawn by. */
export const areClocksBad = (random: Random, { badClocks }: Temper): boolean =>
  random.fork("bad clocks").chance(badClocks);

const SECONDS_MS = 8_000;
const OFF_MS = [15_000, 28_000, 33_000, 45_000, 3 * MINUTE, 20 * MINUTE, 70 * MINUTE];

/** About one a minute, now and then several at once or none for a while. */
export function* randomTicks(random: Random, activeMs: number, temper: Temper): Generator<PlannedTick> {
  const timeoutMs = random.pick([30_000, 50_000, 60_000]);
  const watches = random.fork("watch");
  const watchMs = watches.chance(0.6) ? timeoutMs - watches.pick([10_000, 12_000]) : undefined;
  const clocks = random.fork("clocks");
  const areBad = areClocksBad(random, temper);
  const frost = random.fork("frost");
  const freezes = frost.chance(temper.freezes) ? 0.15 : 0;
  for (let atMs = 10_000; atMs < activeMs - MINUTE / 2; atMs += MINUTE) {
    const twins = random.chance(temper.twins) ? random.int(1, 2) : 0;
    for (let twin = 0; twin <= twins; twin++) {
      const isEarly = random.chance(temper.early);
      yield {
        atMs: atMs + random.int(0, twin === 0 ? 2_000 : random.pick([20, 500, 5_000, 20_000])),
        timeoutMs,
        signalAfterMs: isEarly ? random.int(0, 10_000) : timeoutMs - 8_000,
        isWarm: random.chance(0.7),
        clock: randomClock(clocks, areBad),
        ...(watchMs !== undefined && { watchMs }),
        ...(random.chance(temper.deaths) && { fate: randomFate(random) }),
        ...(frost.chance(freezes) && { freeze: randomFreeze(frost) }),
      };
    }
    if (random.chance(temper.gaps)) atMs += random.int(1, 6) * MINUTE;
  }
}

/** One a minute, in time and undisturbed; the last ones leave the oracle a moment in which nothing moves. */
export const calmTicks = (fromMs: number, forMs: number): readonly PlannedTick[] =>
  Array.from({ length: forMs / MINUTE - 2 }, (_, index) => ({
    atMs: fromMs + (index + 1.5) * MINUTE,
    timeoutMs: 50_000,
    signalAfterMs: 42_000,
    watchMs: 40_000,
    isWarm: true,
  }));
