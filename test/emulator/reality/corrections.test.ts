import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createEmulator, type Emulator, steppedClock } from "../../../emulator/index.ts";
import { ask, emulatorOf, HOUR, MINUTE, SECOND, worldOf } from "../support.ts";
import { detailOf, itemOf } from "./support.ts";

// Facts, section 8: dollars are computed from the prices at the time of the question; a run that was read at its end
// told 961 times less than was billed; "real consumption ~4×". Section 20: final figures move for minutes.

const usdOf = (emulator: Emulator, label: string): number => {
  const { usageTotalUsd } = detailOf(emulator, label);
  expect(itemOf(emulator, label).usageTotalUsd).toBe(usageTotalUsd);
  return usageTotalUsd;
};
const DEAR = { label: "dear", cost: 60, usageLagMs: 0 } as const;
const ended = { afterMs: HOUR, status: "SUCCEEDED" } as const;

describe("a correction", () => {
  test.each([0.4, 4])("by %d holds of all that had come, and of nothing that comes later", (factor) => {
    const emulator = emulatorOf({ ...DEAR, corrections: [{ atMs: 10 * MINUTE, factor }] });
    emulator.clock.advance(10 * MINUTE - 1);
    expect(usdOf(emulator, "dear")).toBeCloseTo(10, 3);
    emulator.clock.advance(1);
    expect(usdOf(emulator, "dear")).toBeCloseTo(10 * factor, 9);
    emulator.clock.advance(10 * MINUTE);
    expect(usdOf(emulator, "dear")).toBeCloseTo(10 * factor + 10, 9);
  });

  test("of a run that has ended changes its final figure, and what the account has used", () => {
    const emulator = emulatorOf({ ...DEAR, ends: ended, corrections: [{ atMs: 3 * HOUR, factor: 0.25 }] });
    emulator.clock.advance(2 * HOUR);
    const used = () => ask(emulator, "GET", "/v2/users/me/limits").data.current.monthlyUsageUsd;
    expect([usdOf(emulator, "dear"), used()]).toEqual([60, 60]);
    emulator.clock.advance(HOUR);
    expect([usdOf(emulator, "dear"), used()]).toEqual([15, 15]);
  });

  test("has quantities be what they are, and dollars add up to the total", () => {
    const emulator = emulatorOf({ ...DEAR, corrections: [{ atMs: HOUR, factor: 0.5 }] });
    emulator.clock.advance(HOUR - 1);
    const before = detailOf(emulator, "dear");
    emulator.clock.advance(1);
    const after = detailOf(emulator, "dear");
    expect(after.usage.ACTOR_COMPUTE_UNITS).toBeCloseTo(before.usage.ACTOR_COMPUTE_UNITS, 3);
    const parts = Object.values(after.usageUsd as Record<string, number>);
    expect(parts.reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(after.usageTotalUsd, 6);
  });

  test("is the truth from its instant on, about the hours before it too, in proportion", () => {
    const emulator = emulatorOf({ ...DEAR, corrections: [{ atMs: 2 * HOUR, factor: 0.5 }] });
    const [id, start] = [emulator.truth.idOf("dear"), emulator.clock.now()];
    emulator.clock.advance(2 * HOUR - 1);
    expect(emulator.truth.usdBetween(id, start, start + HOUR)).toBe(60);
    emulator.clock.advance(1 + HOUR);
    expect(emulator.truth.usdBetween(id, start, start + HOUR)).toBe(30);
    expect(emulator.truth.usdBetween(id, start + 2 * HOUR, start + 3 * HOUR)).toBe(60);
    expect(emulator.truth.costUsdAt(id, emulator.clock.now())).toBeCloseTo(120, 9);
    expect(emulator.truth.crossedAt(id, 45)).toBe(start + 90 * MINUTE);
  });

  test("leaves the truth a sum of its hours, however many corrections there are", () => {
    const correction = fc.record({
      atMs: fc.integer({ min: 0, max: 4 * HOUR }),
      factor: fc.constantFrom(0, 0.3, 0.5, 2, 5),
    });
    fc.assert(
      fc.property(
        fc.array(correction, { maxLength: 4 }),
        fc.constantFrom(0.5, 1, 2),
        fc.integer({ min: 0, max: 5 }),
        (corrections, factor, hours) => {
          const bursts = { everyMs: HOUR, usd: 3 };
          const run = { label: "dear", cost: { thenUsdPerHour: 6, bursts }, ends: ended, corrections };
          const changes = [{ kind: "prices", atMs: 2 * HOUR, factor }] as const;
          const emulator = createEmulator({ world: { ...worldOf(run), changes } });
          const [id, start] = [emulator.truth.idOf("dear"), emulator.clock.now()];
          emulator.clock.advance(hours * HOUR);
          const parts = Array.from({ length: 6 }, (_, hour) =>
            emulator.truth.usdBetween(id, start + hour * HOUR, start + (hour + 1) * HOUR),
          );
          expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
          const whole = emulator.truth.costUsdAt(id, start + 6 * HOUR);
          expect(parts.reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(whole, 6);
        },
      ),
    );
  });
});

describe("a change of the plan", () => {
  test("halves every figure that is shown from then on, of ended runs too, and what comes later", () => {
    const world = {
      ...worldOf(
        { label: "ended", cost: 80, usageLagMs: 0, startsAfterMs: -3 * HOUR, ends: ended },
        { label: "live", cost: 20, usageLagMs: 0, startsAfterMs: -HOUR },
      ),
      changes: [{ kind: "prices", atMs: 2 * MINUTE, factor: 0.5 }],
    } as const;
    const emulator = createEmulator({ world, clock: steppedClock(new Date("2026-09-01T23:58:00.000Z")) });
    expect([usdOf(emulator, "ended"), usdOf(emulator, "live")]).toEqual([80, 20]);
    emulator.clock.advance(HOUR);
    expect([usdOf(emulator, "ended"), usdOf(emulator, "live")]).toEqual([40, 20]);
    const usage = ask(emulator, "GET", "/v2/users/me/usage/monthly").data;
    expect(usage.totalUsageCreditsUsdAfterVolumeDiscount).toBe(60);
    expect(emulator.truth.spendByRun(0, emulator.clock.now()).map(({ usd }) => usd)).toEqual([40, 20]);
  });
});

describe("a final figure", () => {
  test.each([130 * SECOND, 240 * SECOND, 10 * MINUTE])(
    "can come %d ms after the end, at once",
    (settlesInMs) => {
      const emulator = emulatorOf({
        ...DEAR,
        ends: ended,
        usageLagMs: 24 * HOUR,
        settlesInMs,
        settlesInSteps: 1,
      });
      emulator.clock.advance(HOUR + settlesInMs - 1);
      expect(usdOf(emulator, "dear")).toBe(0);
      emulator.clock.advance(1);
      expect(usdOf(emulator, "dear")).toBe(60);
      expect(emulator.truth.costUsdAt(emulator.truth.idOf("dear"), emulator.clock.now())).toBeCloseTo(60, 9);
    },
  );

  test("can come in steps, and stand still between them", () => {
    const emulator = emulatorOf({
      ...DEAR,
      ends: ended,
      usageLagMs: 24 * HOUR,
      settlesInMs: 10 * MINUTE,
      settlesInSteps: 4,
    });
    emulator.clock.advance(HOUR);
    const seen = Array.from({ length: 11 }, () => {
      const usd = usdOf(emulator, "dear");
      emulator.clock.advance(MINUTE);
      return usd;
    });
    expect(seen).toEqual([0, 0, 0, 15, 15, 30, 30, 30, 45, 45, 60]);
  });

  test("has the events that are accounted follow it", () => {
    const emulator = emulatorOf({
      ...DEAR,
      actor: "mapworks/places",
      ends: ended,
      usageLagMs: 24 * HOUR,
      settlesInMs: 240 * SECOND,
      settlesInSteps: 1,
    });
    const events = () => {
      const run = detailOf(emulator, "dear");
      return [run.chargedEventCounts.place, run.accountedChargedEventCounts.place];
    };
    emulator.clock.advance(HOUR + 239 * SECOND);
    expect(events()).toEqual([6_000, 0]);
    emulator.clock.advance(SECOND);
    expect(events()).toEqual([6_000, 6_000]);
  });
});

test("the world corrections tells late, corrects two runs, and halves all prices after two hours", () => {
  const emulator = createEmulator({ world: "corrections" });
  const late = () =>
    ["late-by-130-s", "late-by-240-s", "late-by-ten-minutes"].map((label) => usdOf(emulator, label));
  emulator.clock.advance(20 * MINUTE + 130 * SECOND);
  expect(late()).toEqual([25, 0, 0]);
  expect(usdOf(emulator, "corrected-up")).toBe(6);
  expect(usdOf(emulator, "corrected-down")).toBeCloseTo(3.6 + 0.3 * 12.1, 1);
  emulator.clock.advance(8 * MINUTE);
  expect(late()).toEqual([25, 25, 25]);
  emulator.clock.advance(2 * HOUR);
  expect([...late(), usdOf(emulator, "corrected-up")]).toEqual([12.5, 12.5, 12.5, 3]);
});
