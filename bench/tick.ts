import type { RunScript, World } from "../emulator/index.ts";
import { type Bench, benchOn, HOUR, MINUTE, quantile, seeded } from "./harness.ts";
import { table } from "./table.ts";

/** What a tick computes for itself, with budgets and without, side by side. Stores are in memory. */

const LIVE = 1_000;
const ACTORS = 50;
const TICKS = 40;
const WARM_UP_TICKS = 10;

export const LIMITS = [
  { id: "no-run-over-50-usd", limit: { usageTotalUsd: 50 }, steps: [{ at: "100%", do: "abort" }] },
  { id: "a-day-is-enough", limit: { runTime: "24h" }, steps: [{ at: "100%", do: "abort" }] },
];

/** Ten, of every window and grouping. */
const BUDGETS = ["account", "actor"].flatMap((each) =>
  ["hour", "day", "week", "month", "cycle"].map((per) => ({
    id: `each-${each}-a-${per}`,
    budget: { usd: 1_000_000, per, each },
    steps: [
      { at: "100%", basis: "projected", do: "notify" },
      { at: "100%", do: "abort" },
    ],
  })),
);

export function thousandRuns(): World {
  const random = seeded(17);
  const actors = Array.from({ length: ACTORS }, (_, i) => ({ name: `acme/shop-${i}` }));
  const runs = Array.from(
    { length: LIVE },
    (): RunScript => ({
      actor: `acme/shop-${Math.floor(random() * ACTORS)}`,
      startsAfterMs: -Math.round(random() * 4 * HOUR),
      cost: 0.1 + random(),
    }),
  );
  return { name: "bench", about: "A thousand runs.", actors, runs };
}

/** A tick's time by the real clock, without that of the pretend Apify. */
async function tickMs(bench: Bench): Promise<number> {
  const answeredMs = bench.answeringMs();
  const startedAt = performance.now();
  await bench.ticks({ forMs: 1, everyMs: MINUTE, waitMs: 0 });
  const ms = performance.now() - startedAt - (bench.answeringMs() - answeredMs);
  bench.emulator.clock.advance(MINUTE);
  return ms;
}

export async function tick(): Promise<string> {
  const policyOf = (rules: readonly unknown[]) => ({ version: 1, mode: "enforce", rules });
  const ways = [
    { name: "two limits", bench: await benchOn(thousandRuns(), policyOf(LIMITS)) },
    {
      name: "two limits, ten budgets",
      bench: await benchOn(thousandRuns(), policyOf([...LIMITS, ...BUDGETS])),
    },
  ];
  const times = ways.map((): number[] => []);
  // In turn, so that whatever else the machine does meets both alike.
  for (let i = 0; i < WARM_UP_TICKS + TICKS; i++) {
    for (const [way, { bench }] of ways.entries()) {
      const ms = await tickMs(bench);
      if (i >= WARM_UP_TICKS) times[way]?.push(ms);
    }
  }
  // The quickest tick is the one that nobody else on the machine held up.
  const base = quantile(times[0] ?? [], 0);
  return table(
    [`${LIVE} live runs`, "ticks", "quickest ms", "p50 ms", "times the quickest of limits alone"],
    ways.map(({ name }, way) => {
      const all = times[way] ?? [];
      const quickest = quantile(all, 0);
      return [
        name,
        all.length,
        quickest.toFixed(0),
        quantile(all, 0.5).toFixed(0),
        (quickest / base).toFixed(2),
      ];
    }),
  );
}
