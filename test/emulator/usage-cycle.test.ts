import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cycleAt, dayAt } from "../../emulator/ground/cycle.ts";
import {
  createEmulator,
  type Emulator,
  type RunScript,
  steppedClock,
  type World,
} from "../../emulator/index.ts";
import { ask, HOUR, idOf, type Json, MINUTE, serve, worldOf } from "./support.ts";

const DAY = 24 * HOUR;

/** At noon of the 20th, when the cycle that began on the 17th is three and a half days old. */
function open(world: Partial<World>, ...runs: readonly Partial<RunScript>[]): Emulator {
  const clock = steppedClock(new Date("2026-10-20T12:00:00Z"));
  const atOnce = runs.map((run) => ({ usageLagMs: 0, ...run }));
  return createEmulator({ clock, world: { ...worldOf(...atOnce), cycleStart: { day: 17 }, ...world } });
}
const limits = (emulator: Emulator): Json => ask(emulator, "GET", "/v2/users/me/limits").data;
const usedUsd = (emulator: Emulator): number => limits(emulator).current.monthlyUsageUsd;
const monthly = (emulator: Emulator, date?: string): Json =>
  ask(emulator, "GET", `/v2/users/me/usage/monthly${date ? `?date=${date}` : ""}`).data;
const usdByDay = (usage: Json): Record<string, number> =>
  Object.fromEntries(
    usage.dailyServiceUsages.map((day: Json) => [day.date.slice(5, 10), day.totalUsageCreditsUsd]),
  );

describe("cycleAt()", () => {
  const span = (start: { day: number; hour?: number }, at: string) => {
    const { fromMs, untilMs } = cycleAt(start, Date.parse(at));
    return [fromMs, untilMs].map((ms) => new Date(ms).toISOString().slice(0, 16));
  };

  test.each([
    [{ day: 1 }, "2026-09-01T00:00:00Z", "2026-09-01T00:00", "2026-10-01T00:00"],
    [{ day: 17 }, "2026-09-16T23:59:59.999Z", "2026-08-17T00:00", "2026-09-17T00:00"],
    [{ day: 17, hour: 14 }, "2026-09-17T13:00:00Z", "2026-08-17T14:00", "2026-09-17T14:00"],
    [{ day: 17 }, "2027-01-03T00:00:00Z", "2026-12-17T00:00", "2027-01-17T00:00"],
    [{ day: 31 }, "2027-02-28T00:00:00Z", "2027-02-28T00:00", "2027-03-31T00:00"],
    [{ day: 31 }, "2027-03-30T00:00:00Z", "2027-02-28T00:00", "2027-03-31T00:00"],
  ])("of %j at %s is from %s to %s", (start, at, from, until) => {
    expect(span(start, at)).toEqual([from, until]);
  });

  test("and dayAt() hold their instant, and follow one another without a gap", () => {
    const start = fc.record({ day: fc.integer({ min: 1, max: 31 }), hour: fc.integer({ min: 0, max: 23 }) });
    const instant = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2029, 0, 1) });
    fc.assert(
      fc.property(start, instant, (from, atMs) => {
        for (const periodAt of [cycleAt, dayAt]) {
          const { fromMs, untilMs } = periodAt(from, atMs);
          expect(fromMs <= atMs && atMs < untilMs).toBe(true);
          expect(periodAt(from, untilMs).fromMs).toBe(untilMs);
          expect(periodAt(from, fromMs - 1).untilMs).toBe(fromMs);
        }
      }),
    );
  });

  test.each([{ day: 0 }, { day: 32 }, { day: 1.5 }, { day: 1, hour: 24 }])("%j starts none", (cycleStart) => {
    expect(() => open({ cycleStart })).toThrow("A usage cycle starts on a day 1 to 31");
  });
});

describe("the account's usage", () => {
  test("is of the cycle that began on the world's day and hour", async () => {
    const emulator = open({ cycleStart: { day: 17, hour: 9 } });
    const told = { startAt: "2026-10-17T09:00:00.000Z", endAt: "2026-11-17T08:59:59.999Z" };
    expect(limits(emulator).monthlyUsageCycle).toEqual(told);
    expect(monthly(emulator).usageCycle).toEqual(told);
    expect(monthly(emulator, "2026-10-16").usageCycle.startAt).toBe("2026-09-17T09:00:00.000Z");
    const { client } = await serve(emulator);
    expect((await client.user().limits())?.monthlyUsageCycle.startAt).toEqual(new Date(told.startAt));
  });

  test("leaves out what a run cost before the cycle", () => {
    const emulator = open({}, { startsAfterMs: -5 * DAY, cost: 1 });
    expect(usedUsd(emulator)).toBeCloseTo(3.5 * 24, 9);
    expect(monthly(emulator, "2026-10-16").totalUsageCreditsUsdAfterVolumeDiscount).toBeCloseTo(1.5 * 24, 9);
  });

  test("begins anew with each cycle", () => {
    const emulator = open({ spentUsd: 100 }, { startsAfterMs: -DAY, cost: 1 });
    emulator.clock.advance(27.5 * DAY);
    expect(usedUsd(emulator)).toBe(0);
    emulator.clock.advance(HOUR);
    expect(usedUsd(emulator)).toBeCloseTo(1, 9);
    expect(monthly(emulator, "2026-11-16").totalUsageCreditsUsdAfterVolumeDiscount).toBeCloseTo(
      100 + 28.5 * 24,
      6,
    );
  });

  test("books cost on the days on which it came, not on the day of the start", () => {
    const emulator = open({}, { startsAfterMs: -1.75 * DAY, cost: 1 });
    expect(usdByDay(monthly(emulator))).toEqual({ "10-18": 6, "10-19": 24, "10-20": 12 });
  });

  test("books a lump at midnight on the new day", () => {
    const bursts = { everyMs: 12 * HOUR, usd: 5 };
    const emulator = open({}, { startsAfterMs: -DAY, cost: { bursts } });
    expect(usdByDay(monthly(emulator))).toEqual({ "10-20": 10 });
  });

  test("trails the true cost as each run's figure does, and has the cost of runs that tell none", () => {
    const emulator = open({}, { startsAfterMs: -HOUR, cost: 3_600, usageLagMs: 10_000 });
    expect(usedUsd(emulator)).toBe(3_590);
    const untold = open({}, { startsAfterMs: -HOUR, cost: 3, costMissing: "absent" });
    expect(usedUsd(untold)).toBe(3);
  });

  test("moves on after a run's end until the run's figure rests", () => {
    const ends = { afterMs: HOUR, status: "SUCCEEDED" } as const;
    const emulator = open({}, { startsAfterMs: -HOUR, cost: 3_600, usageLagMs: 30_000, ends });
    const shown = [0, 6_000, 6_000, DAY].map((ms) => {
      emulator.clock.advance(ms);
      return usedUsd(emulator);
    });
    expect(shown).toEqual([3_570, 3_585, 3_600, 3_600]);
  });

  test("still has what a deleted run cost, and what a resurrected one adds", () => {
    const ends = { afterMs: HOUR, status: "SUCCEEDED" } as const;
    const emulator = open({}, { startsAfterMs: -2 * HOUR, cost: 3, ends });
    expect(usedUsd(emulator)).toBe(3);
    ask(emulator, "POST", `/v2/actor-runs/${idOf(emulator)}/resurrect`);
    emulator.clock.advance(20 * MINUTE);
    expect(usedUsd(emulator)).toBe(4);
    emulator.clock.advance(DAY);
    expect(ask(emulator, "DELETE", `/v2/actor-runs/${idOf(emulator)}`).status).toBe(204);
    expect(ask(emulator, "GET", "/v2/actor-runs").data.total).toBe(0);
    expect(usedUsd(emulator)).toBe(6);
  });

  test("has spend without runs that was there, that grows, and that jumps", () => {
    const jump = { afterMs: 90 * MINUTE, usd: 40 };
    const emulator = open({ spentUsd: 70, outsideUsdPerHour: 2, outsideJumps: [jump] });
    expect(usedUsd(emulator)).toBe(70);
    expect(usdByDay(monthly(emulator))).toEqual({ "10-17": 20, "10-18": 20, "10-19": 20, "10-20": 10 });
    emulator.clock.advance(jump.afterMs - 1);
    expect(usedUsd(emulator)).toBeCloseTo(73, 5);
    emulator.clock.advance(1);
    expect(usedUsd(emulator)).toBe(113);
    expect(Object.keys(monthly(emulator).monthlyServiceUsage)).toContain("DATASET_TIMED_STORAGE_GBYTE_HOURS");
  });

  test("has all of it at once where the world begins with its cycle", () => {
    const emulator = open({ cycleStart: { day: 20, hour: 12 }, spentUsd: 70 });
    expect(usedUsd(emulator)).toBe(70);
  });

  test("is the same by limits, by the cycle's total and by the sum of its days, whatever runs and whenever", () => {
    const script = fc.record({
      startsAfterMs: fc.integer({ min: -40 * DAY, max: 20 * DAY }),
      cost: fc.double({ min: 0, max: 9, noNaN: true }),
      usageLagMs: fc.integer({ min: 0, max: 2 * HOUR }),
      usageRefreshMs: fc.integer({ min: 0, max: 2 * HOUR }),
      ends: fc.record({
        afterMs: fc.integer({ min: 1, max: 12 * DAY }),
        status: fc.constant("FAILED" as const),
      }),
    });
    const steps = fc.array(fc.integer({ min: 1, max: 9 * DAY }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(script, { maxLength: 6 }), steps, (scripts, advances) => {
        const emulator = open({ spentUsd: 9, outsideUsdPerHour: 0.1 }, ...scripts);
        for (const ms of advances) {
          emulator.clock.advance(ms);
          const usage = monthly(emulator);
          const days = Object.values(usdByDay(usage)).reduce((sum, usd) => sum + usd, 0);
          expect(usage.totalUsageCreditsUsdAfterVolumeDiscount).toBe(usedUsd(emulator));
          expect(days).toBeCloseTo(usedUsd(emulator), 7);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("comes to the true spend of the cycle once all figures rest", () => {
    const ends = { afterMs: 3 * DAY, status: "SUCCEEDED" } as const;
    const emulator = open(
      { outsideUsdPerHour: 0.5 },
      { startsAfterMs: -5 * DAY, cost: 1, ends, usageLagMs: HOUR },
      { cost: { startUsd: 1, bursts: { everyMs: HOUR, usd: 0.3 } }, ends },
    );
    emulator.clock.advance(4 * DAY);
    const [from, now] = [Date.parse("2026-10-17T00:00:00Z"), emulator.clock.now()];
    const { truth } = emulator;
    const trueUsd = truth.usdBetween(() => true, from, now) + truth.outsideUsdBetween(from, now);
    expect(usedUsd(emulator)).toBeCloseTo(trueUsd, 8);
  });
});
