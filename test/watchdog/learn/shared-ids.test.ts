import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { Listed } from "../../../src/watchdog/learn/listed/listed.ts";
import { past } from "./past-runs.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");
const heldMb = (): number => {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

it("holds the ids of an Actor, a task and a schedule once, however many runs name them", () => {
  const read = (): string => JSON.parse(JSON.stringify("i".repeat(10_000))) as string;
  const before = heldMb();
  const listed = new Listed();
  for (let i = 0; i < 1_000; i++) {
    const run = { ...past(i, 1).run, actorId: read(), actorTaskId: read(), scheduleId: read() };
    listed.add({ at: new Date(), runs: [run] });
  }
  // Each on its own they are 30 MB.
  expect(heldMb() - before).toBeLessThan(10);
  expect(listed.size).toBe(1_000);
});
