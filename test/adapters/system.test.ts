import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { newTickId, systemClock, systemRandom } from "../../src/adapters/system.ts";

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

describe("systemClock.sleep()", () => {
  it("ends when its time is over, and keeps no listener", async () => {
    const { signal } = new AbortController();
    await systemClock.sleep(1, signal);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("ends at once and without an error when the signal aborts, and keeps no timer", async () => {
    const before = timers();
    const stop = new AbortController();
    const sleeping = systemClock.sleep(3_600_000, stop.signal);
    expect(timers()).toBe(before + 1);
    stop.abort();
    await sleeping;
    expect(timers()).toBe(before);
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(0);
  });

  it("does not begin on an aborted signal", async () => {
    const before = timers();
    const sleeping = systemClock.sleep(3_600_000, AbortSignal.abort());
    expect(timers()).toBe(before);
    await sleeping;
  });

  it("does not end at once when its time is longer than a timer can count", async () => {
    const stop = new AbortController();
    const sleeping = systemClock.sleep(2 ** 40, stop.signal).then(() => "over");
    expect(await Promise.race([sleeping, systemClock.sleep(20).then(() => "asleep")])).toBe("asleep");
    stop.abort();
    await sleeping;
  });
});

describe("the system's randomness", () => {
  it("lies in [0, 1), and no two ticks share an id", () => {
    const numbers = Array.from({ length: 100 }, systemRandom);
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(new Set(Array.from({ length: 100 }, newTickId)).size).toBe(100);
  });
});
