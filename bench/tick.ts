import type { RunScript, World } from "../emulator/index.ts";
import { benchOn, HOUR, MINUTE, quantile } from "./harness.ts";
import { table } from "./table.ts";

/** The machine time of a tick over a thousand live runs, with budgets beside the same without. */

const RUNS = 1_000;
const TICKS = 30;

const world: World = {
  name: "tick",
  about: "A thousand runs.",
  actors: Array.from({ length: 20 }, (_, i) => ({ name: `acme/actor-${i}` })),
  runs: Array.from(
    { length: RUNS },
    (_, i): RunScript => ({
      actor: `acme/actor-${i % 20}`,
      startsAfterMs: -(i % 60) * MINUTE,
      readyForMs: 0,
      cost: 0.1,
    }),
  ),
};

const STEPS = [{ at: "100%", do: "abort" }];
const limits = [
  { id: "cost", limit: { usageTotalUsd: 50 }, steps: STEPS },
  { id: "time", limit: { runTime: "30h" }, steps: STEPS },
];
const budgets = ["hour", "day", "week", "month"].flatMap((per) =>
  ["account", "actor", "origin"].map((each) => ({
    id: `${per}-${each}`,
    budget: { usd: 100_000, per, each },
    steps: STEPS,
  })),
);

async function msOf(rules: readonly object[]): Promise<readonly number[]> {
  const bench = await benchOn(world, { version: 1, mode: "enforce", rules });
  await bench.ticks({ forMs: 5 * MINUTE, everyMs: MINUTE, waitMs: 0 });
  const times: number[] = [];
  for (let i = 0; i < TICKS; i++) {
    const before = performance.now();
    await bench.ticks({ forMs: 1, everyMs: HOUR, waitMs: 0 });
    times.push(performance.now() - before);
    bench.emulator.clock.advance(MINUTE);
  }
  return times;
}

export async function tick(): Promise<string> {
  // In turn, so that both warm up alike; what counts is the ratio.
  const plain = [...(await msOf(limits)), ...(await msOf(limits))];
  const withBudgets = await msOf([...limits, ...budgets]);
  const [base, more] = [quantile(plain.slice(TICKS), 0.5), quantile(withBudgets, 0.5)];
  return table(
    ["1,000 live runs", "a tick, median, against that without budgets"],
    [
      ["2 limits", "1.0"],
      [`2 limits and ${budgets.length} budgets`, (more / base).toFixed(2)],
    ],
  );
}
