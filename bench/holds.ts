import type { World } from "../emulator/index.ts";
import { benchOn, HOUR, MINUTE, quantile, SECOND, seeded } from "./harness.ts";
import { table } from "./table.ts";

/** From the moment that a budget is reached, which the pretend account knows, to the call that disables the schedule behind it. */

const WORLDS = 60;
const BUDGET_USD = 10;
/** One request to Apify and its answer. */
const ANSWER_MS = 200;

const POLICY = {
  version: 1,
  mode: "enforce",
  rules: [{ id: "a-day", budget: { usd: BUDGET_USD, per: "day" }, steps: [{ at: "100%", do: "hold" }] }],
};

/** A schedule that starts a run a minute, each with the same pace, and none of them ends. */
const worldOf = (usdPerHour: number, usageLagMs: number): World => ({
  name: "holds",
  about: "A schedule that starts a run a minute.",
  actors: [{ name: "acme/shop" }],
  runs: [],
  schedules: [
    {
      id: "schedulePrices0001",
      name: "prices",
      cron: "* * * * *",
      starts: { actor: "acme/shop", cost: usdPerHour, usageLagMs, readyForMs: 0 },
    },
  ],
});

/** The seconds from the budget to the hold; `undefined` where it was not held in the hour. */
async function delayOf(usdPerHour: number, lagMs: number, phaseMs: number, waitMs: number) {
  const bench = await benchOn(worldOf(usdPerHour, lagMs), POLICY, { answerMs: ANSWER_MS, allowHolds: true });
  bench.emulator.clock.advance(phaseMs);
  await bench.ticks({ forMs: HOUR, everyMs: MINUTE, waitMs });
  const { truth, clock } = bench.emulator;
  const reachedMs = truth.crossedAt(() => true, BUDGET_USD, { untilMs: clock.now() });
  const call = truth.calls.find(({ kind }) => kind === "update-schedule");
  return reachedMs === undefined || call === undefined ? undefined : (call.atMs - reachedMs) / SECOND;
}

export async function holds(): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const lagSecs of [0, 60])
    for (const waitMs of [MINUTE, 0]) {
      const random = seeded(17);
      const delays: number[] = [];
      for (let i = 0; i < WORLDS; i++) {
        const pace = 1 + 7 * random();
        const delay = await delayOf(pace, lagSecs * SECOND, Math.round(random() * MINUTE), waitMs);
        if (delay !== undefined) delays.push(delay);
      }
      rows.push([
        `lag ${lagSecs} s`,
        waitMs > 0 ? "watchdog" : "poll, 60 s",
        `${delays.length} of ${WORLDS}`,
        quantile(delays, 0.5).toFixed(1),
        quantile(delays, 0.99).toFixed(1),
      ]);
    }
  return table(["budget reached to source held", "by", "worlds held", "p50 s", "p99 s"], rows);
}
