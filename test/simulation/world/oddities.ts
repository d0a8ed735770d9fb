import type { FieldChange, RunScript } from "../../../emulator/index.ts";
import type { Random } from "../random.ts";

/** What Apify's answers have been seen to leave out, show late, correct and garble; of single runs, for a while or at all times. */

const MINUTE = 60_000;

type Oddity = (random: Random, activeMs: number) => Partial<RunScript>;

/** Some minutes of the time in which anything may go wrong. */
function some(random: Random, activeMs: number) {
  const fromMs = random.chance(0.3) ? 0 : random.int(0, activeMs - MINUTE);
  return { fromMs, untilMs: Math.min(activeMs, fromMs + random.int(1, 30) * MINUTE) };
}

/** Answers with something of another kind than it ever is, or without it. */
const GARBLED: readonly Omit<FieldChange, "fromMs" | "untilMs">[] = [
  { set: { usageTotalUsd: "1.5" } },
  { set: { status: 7 } },
  { set: { id: null }, in: "list" },
  { set: { startedAt: "1970-01-01T00:00:00.000Z" } },
  { set: { startedAt: "2031-01-01T00:00:00.000Z" } },
  { omit: ["startedAt"] },
  { set: { stats: null }, in: "detail" },
  { omit: ["stats", "options"], in: "detail" },
  { omit: ["usage", "usageUsd", "pricingInfo"], in: "detail" },
  { omit: ["stats.resurrectCount"], in: "detail" },
  { set: { buildNumber: null } },
];

const ODDITIES: Readonly<Record<string, Oddity>> = {
  "cost not in the list": (random) => ({
    costMissing: { as: random.pick(["absent", "null"]), in: "list" },
  }),
  "cost missing for a while": (random, activeMs) => ({
    costMissing: {
      as: random.pick(["absent", "null", "zero"]),
      ...(random.chance(0.5) && { in: random.pick(["list", "detail"]) }),
      ...some(random, activeMs),
    },
  }),
  "figures stand still": (random, activeMs) => ({
    stale: {
      what: random.pick(["stats", "cost", "measures"]),
      ...(random.chance(0.5) && { in: random.pick(["list", "detail"]) }),
      ...some(random, activeMs),
    },
  }),
  "answers lag apart": (random, activeMs) => ({
    stale: [
      {
        in: "list",
        what: random.pick(["measures", "all"]),
        byMs: random.int(5, 180) * 1_000,
        ...some(random, activeMs),
      },
      { in: "detail", byMs: random.int(1, 30) * 1_000, ...some(random, activeMs) },
    ],
  }),
  "figure in steps": (random) => ({ usageRefreshMs: random.pick([20_000, MINUTE, 5 * MINUTE]) }),
  "final figure late": (random) => ({
    settlesInMs: random.pick([20_000, 130_000, 240_000, 10 * MINUTE]),
    ...(random.chance(0.5) && { settlesInSteps: random.int(1, 4) }),
  }),
  corrected: (random, activeMs) => ({
    corrections: [{ atMs: random.int(0, activeMs), factor: random.pick([0.4, 0.9, 1.1, 4]) }],
  }),
  "unknown status": (random, activeMs) => ({ shownAs: { status: "MIGRATING", ...some(random, activeMs) } }),
  "old end kept": () => ({ keepsFinishedAt: true }),
  microseconds: () => ({ timestamps: "microseconds" }),
  garbled: (random, activeMs) => ({ fields: { ...random.pick(GARBLED), ...some(random, activeMs) } }),
};

/** So many of the runs are told oddly. */
export const withOddities = (
  random: Random,
  activeMs: number,
  runs: readonly RunScript[],
): readonly RunScript[] =>
  runs.map((run) => {
    if (!random.chance(0.5)) return run;
    const names = Array.from({ length: random.pick([1, 1, 2]) }, () => random.pick(Object.keys(ODDITIES)));
    const odd = names.map((name) => ODDITIES[name]?.(random, activeMs) ?? {});
    return Object.assign({}, run, ...odd);
  });
