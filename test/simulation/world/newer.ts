import type { DateSetting, RunScript, World, WorldFault } from "../../../emulator/index.ts";
import type { Random } from "../random.ts";

/** What came to worlds last, so that a seed's world is what it was without it. */
export type Newer = {
  /** When the tables are made what an older release would have written; from the world's start. */
  readonly agedAtMs?: number;
  /** When somebody quiets what calls for a person. */
  readonly acknowledgesAtMs: readonly number[];
};

const MINUTE = 60_000;

/** A share of the runs turns into other Actors while they live. */
const withMetamorphs = (
  random: Random,
  { actors, runs }: Pick<World, "actors" | "runs">,
): readonly RunScript[] =>
  runs.map((run) => {
    if (!random.chance(0.3)) return run;
    const times = random.pick([1, 1, 2]);
    const metamorphs = Array.from({ length: times }, () => ({
      atMs: random.int(0, 30 * MINUTE),
      into: random.pick(actors).name,
    }));
    return { ...run, metamorphs };
  });

/** Lists that some cache has without some of the runs. */
function partialList(random: Random, activeMs: number): WorldFault {
  const fromMs = random.int(0, activeMs);
  return {
    match: { kind: "list" },
    fault: { kind: "partial-list", leavesOut: random.pick([1, 2, 3, 5]) },
    times: random.pick([1, 1, 3, 20]),
    fromMs,
    untilMs: Math.min(activeMs, fromMs + random.int(1, 10) * MINUTE),
  };
}

/** Answers of servers whose clocks are seconds off. */
function skewed(random: Random, activeMs: number): DateSetting {
  const fromMs = random.int(0, activeMs);
  return {
    skewMs: random.pick([-1, 1]) * random.pick([1_000, 4_000, 12_000]),
    ...(random.chance(0.5) && { match: { kind: random.pick(["list", "get", "user"] as const) } }),
    fromMs,
    untilMs: Math.min(activeMs, fromMs + random.int(1, 20) * MINUTE),
  };
}

/** The world with all that, and when what happens to the watchdog in it. */
export function withNewer(
  random: Random,
  activeMs: number,
  world: World,
): { readonly world: World; readonly newer: Newer } {
  const isDeleted = world.changes?.some(({ kind }) => kind === "delete-actor") === true;
  const turns = !isDeleted && random.chance(0.3);
  const faults = random.chance(0.4) ? [partialList(random, activeMs)] : [];
  const dates = [world.date ?? []].flat();
  const date = random.chance(0.3) ? [...dates, skewed(random, activeMs)] : dates;
  const agedAtMs = random.chance(0.3) && { agedAtMs: random.int(MINUTE, activeMs - 1) };
  const times = random.chance(0.5) ? random.int(1, 4) : 0;
  const acknowledgesAtMs = Array.from({ length: times }, () => random.int(MINUTE, activeMs));
  const { cycleStart } = world;
  const isUneven = random.chance(0.5);
  return {
    world: {
      ...world,
      ...(turns && { runs: withMetamorphs(random, world) }),
      faults: [...(world.faults ?? []), ...faults],
      ...(date.length > 0 && { date }),
      // Cycles begin when the account was made, whatever the minute was.
      ...(cycleStart && isUneven && { cycleStart: { ...cycleStart, minute: random.int(1, 59) } }),
    },
    newer: {
      ...agedAtMs,
      acknowledgesAtMs,
    },
  };
}
