import { expect, test } from "vitest";
import { runningClock, steppedClock } from "../../emulator/index.ts";

test("a stepped clock moves only when told, and never back", () => {
  const clock = steppedClock(new Date(1_000));
  expect(clock.now()).toBe(1_000);
  clock.advance(5);
  expect(clock.now()).toBe(1_005);
  expect(() => clock.advance(-1)).toThrow(RangeError);
  expect(() => clock.advance(Number.NaN)).toThrow(RangeError);
});

test("a running clock goes by itself from where it is set, and can be advanced", async () => {
  const startAt = new Date("2026-09-01T08:00:00Z");
  const clock = runningClock({ startAt, speed: 1_000_000 });
  while (clock.now() < startAt.getTime() + 60_000) await new Promise((resolve) => setTimeout(resolve, 1));
  const before = clock.now();
  clock.advance(86_400_000);
  expect(clock.now()).toBeGreaterThanOrEqual(before + 86_400_000);
  expect(() => runningClock({ speed: 0 })).toThrow(/above 0/);
});
