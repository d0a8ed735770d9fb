import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { DAY_MS, type Run } from "../../../src/policy/index.ts";
import { historyInLedger } from "../../../src/watchdog/learn/history.ts";
import { Listed } from "../../../src/watchdog/learn/listed/listed.ts";
import { past, START } from "./past-runs.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");
const heldMb = (): number => {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

const read = (): string => JSON.parse(JSON.stringify("i".repeat(10_000))) as string;
const named = (i: number): Run => ({
  ...past(i, 1).run,
  actorId: read(),
  actorTaskId: read(),
  scheduleId: read(),
});

it("holds the ids of an Actor, a task and a schedule once, however many runs name them", () => {
  const before = heldMb();
  const listed = new Listed();
  for (let i = 0; i < 1_000; i++) {
    listed.add({ at: new Date(), runs: [named(i)] });
  }
  // Each on its own they are 30 MB.
  expect(heldMb() - before).toBeLessThan(10);
  expect(listed.size).toBe(1_000);
});

it("holds them once of what is recorded, too", async () => {
  const until = new Date(START + 90 * DAY_MS);
  const state = {
    async *allRuns() {
      for (let i = 0; i < 1_000; i++)
        yield { run: named(i), life: 0, recordedAt: until, settledAt: until, version: 1, curve: [] };
    },
  };
  const audit = { list: async function* () {} };
  const clock = { now: () => until };
  const before = heldMb();
  const history = await historyInLedger({ state, audit, clock } as never, { from: new Date(START), until });
  // Each on its own they are 30 MB.
  expect(heldMb() - before).toBeLessThan(10);
  expect(history.runs).toHaveLength(1_000);
});
