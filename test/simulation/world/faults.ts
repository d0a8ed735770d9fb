import type { Fault, RequestKind, WorldFault } from "../../../emulator/index.ts";
import type { Random } from "../random.ts";

const MINUTE = 60_000;

const KINDS: readonly RequestKind[] = [
  "list",
  "list",
  "get",
  "get",
  "abort",
  "abort",
  "resurrect",
  "actor",
  "user",
  "limits",
];

/** Every answer of Apify's that a client must live with; calls that refuse have no effect, those that fail may have. */
const FAULTS: readonly ((random: Random) => Fault)[] = [
  (random) => ({ kind: "status", status: random.pick([500, 502, 503]), afterEffect: random.chance(0.5) }),
  (random) => ({ kind: "html", status: random.pick([200, 403, 502, 503]), afterEffect: random.chance(0.5) }),
  () => ({ kind: "rate-limit" }),
  () => ({ kind: "bad-json" }),
  () => ({ kind: "no-data" }),
  () => ({ kind: "empty-list" }),
  (random) => ({ kind: "slow", delayMs: random.pick([1_000, 4_000, 6_000, 9_000, 15_000, 30_000]) }),
  (random) => ({ kind: "reset", afterEffect: random.chance(0.5), delayMs: random.int(0, 3_000) }),
];

function windowOf(random: Random, activeMs: number) {
  const fromMs = random.int(0, activeMs);
  return { fromMs, untilMs: Math.min(activeMs, fromMs + random.int(5_000, 6 * MINUTE)) };
}

/** When Apify fails how: short windows, in which a few requests or all of them are struck. */
export function randomFaults(random: Random, activeMs: number, most: number): readonly WorldFault[] {
  const struck = Array.from({ length: random.int(0, most) }, (): WorldFault => {
    const times = random.chance(0.3) ? Number.POSITIVE_INFINITY : random.int(1, 6);
    const fault = random.pick(FAULTS)(random);
    return { match: { kind: random.pick(KINDS) }, fault, times, ...windowOf(random, activeMs) };
  });
  // The few calls of a world that change a run need aim to be hit: the next ones from some instant on.
  const aimed = Array.from({ length: most > 0 ? random.int(0, 3) : 0 }, (): WorldFault => {
    const fault = random.pick(FAULTS)(random);
    return {
      match: { kind: random.pick(["abort", "abort", "resurrect"] as const) },
      fault,
      times: random.int(1, 4),
      fromMs: random.int(0, activeMs),
      untilMs: activeMs,
    };
  });
  const lagging: WorldFault = {
    match: { kind: "list" },
    fault: { kind: "lagging", byMs: random.int(1_000, 90_000) },
    ...windowOf(random, activeMs),
  };
  const young: WorldFault = {
    match: { kind: "get" },
    fault: { kind: "young-404", forMs: random.int(1_000, 100_000) },
    ...windowOf(random, activeMs),
  };
  return [
    ...struck,
    ...aimed,
    ...(random.chance(0.4) ? [lagging] : []),
    ...(random.chance(0.4) ? [young] : []),
  ];
}
