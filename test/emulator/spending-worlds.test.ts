import { expect, test } from "vitest";
import { createEmulator } from "../../emulator/index.ts";
import { ask, HOUR, idOf } from "./support.ts";

const DAY = 24 * HOUR;

test.each([1, 2, 3, 42])("with seed %i, flood spends 20 USD in two hours on runs of 2 cents", (seed) => {
  const emulator = createEmulator({ world: "flood", seed });
  const start = emulator.clock.now();
  emulator.clock.advance(3 * HOUR);
  const { truth } = emulator;
  const flooded = truth
    .runs()
    .filter(({ lives: [life] }) => life?.endedAtMs && life.endedAtMs - life.startedAtMs < 25_000);
  expect(flooded).toHaveLength(1_000);
  expect(new Set(flooded.map(({ actorName }) => actorName)).size).toBe(4);
  const spend = truth
    .spendByRun(start, emulator.clock.now())
    .filter((run) => flooded.some(({ id }) => id === run.id));
  expect(Math.max(...spend.map(({ usd }) => usd))).toBeLessThan(0.025);
  const ids = new Set(flooded.map(({ id }) => id));
  const halfwayMs = truth.crossedAt(({ id }) => ids.has(id), 10) ?? 0;
  expect(halfwayMs - start).toBeGreaterThan(0.9 * HOUR);
  expect(halfwayMs - start).toBeLessThan(1.1 * HOUR);
  const others = truth.runs().filter(({ id }) => !ids.has(id));
  expect(others.length).toBeGreaterThanOrEqual(9);
  for (const { id } of others) expect(truth.costUsdAt(id, emulator.clock.now())).toBeLessThan(5);
});

test.each([1, 2, 3, 42])("with seed %i, long-standing has a live run of ten days and 200 USD", (seed) => {
  const emulator = createEmulator({ world: "long-standing", seed });
  const [id, now] = [idOf(emulator), emulator.clock.now()];
  expect(ask(emulator, "GET", `/v2/actor-runs/${id}`).data.status).toBe("RUNNING");
  expect(emulator.truth.costUsdAt(id, now)).toBeCloseTo(200, 9);
  expect(emulator.truth.usdBetween(id, now - DAY, now)).toBeCloseTo(20, 9);
  // The cycle began this morning: of the 200 USD it has seen eight hours.
  const { current } = ask(emulator, "GET", "/v2/users/me/limits").data;
  expect(current.monthlyUsageUsd).toBeLessThan(10);
  emulator.clock.advance(12 * HOUR);
  expect(emulator.truth.runs().length).toBeGreaterThan(40);
});
