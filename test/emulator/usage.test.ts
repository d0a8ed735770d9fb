import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accruedUsd, type CostCurve } from "../../emulator/world/cost-curve.ts";
import { ask, emulatorOf, HOUR, idOf, MINUTE, SECOND } from "./support.ts";

function shownUsd(emulator: ReturnType<typeof emulatorOf>): number {
  return ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator)}`).data.usageTotalUsd;
}

describe("accruedUsd()", () => {
  test("adds up stretches, the burn after them, the start and the bursts", () => {
    const stretches = [{ forMs: HOUR, usdPerHour: 2 }];
    const curve = { startUsd: 0.5, stretches, thenUsdPerHour: 4, bursts: { everyMs: HOUR, usd: 1 } };
    expect(accruedUsd(curve, 0)).toBe(0);
    expect(accruedUsd(curve, HOUR / 2)).toBe(1.5);
    expect(accruedUsd(curve, 2 * HOUR)).toBe(0.5 + 2 + 4 + 2);
  });

  test("never falls", () => {
    const usd = fc.double({ min: 0, max: 100, noNaN: true });
    const ms = fc.integer({ min: 1, max: 10 * HOUR });
    const curve: fc.Arbitrary<CostCurve> = fc.record({
      startUsd: usd,
      stretches: fc.array(fc.record({ forMs: ms, usdPerHour: usd }), { maxLength: 4 }),
      thenUsdPerHour: usd,
      bursts: fc.record({ everyMs: ms, usd }),
    });
    fc.assert(
      fc.property(curve, ms, ms, (shape, one, other) => {
        const [early, late] = [
          accruedUsd(shape, Math.min(one, other)),
          accruedUsd(shape, Math.max(one, other)),
        ];
        expect(late).toBeGreaterThanOrEqual(early - 1e-9);
      }),
    );
  });
});

describe("usageTotalUsd", () => {
  test("trails the true cost while the run is live", () => {
    const emulator = emulatorOf({ cost: 3_600, usageLagMs: 10 * SECOND });
    emulator.clock.advance(MINUTE);
    expect(emulator.truth.costUsdAt(idOf(emulator), emulator.clock.now())).toBeCloseTo(60, 9);
    expect(shownUsd(emulator)).toBe(50);
  });

  test("moves in steps where it is refreshed in steps, and rests at the true cost all the same", () => {
    const ends = { afterMs: 130 * SECOND, status: "SUCCEEDED" } as const;
    const emulator = emulatorOf({ cost: 3_600, usageLagMs: 10 * SECOND, usageRefreshMs: MINUTE, ends });
    const shown = [59, 1, 59, 1, 10, 11, 1].map((secs) => {
      emulator.clock.advance(secs * SECOND);
      return shownUsd(emulator);
    });
    // At 59, 60, 119 and 120 s; at the end, 130; at 141, when it has not settled; at 142, when it has.
    expect(shown).toEqual([0, 50, 50, 110, 110, 110, 130]);
  });

  test("counts its steps from the start of each life, and does not fall with a new one", () => {
    const ends = { afterMs: 90 * SECOND, status: "FAILED" } as const;
    const emulator = emulatorOf({ cost: 3_600, usageLagMs: 0, usageRefreshMs: MINUTE, ends });
    emulator.clock.advance(100 * SECOND);
    const before = shownUsd(emulator);
    ask(emulator, "POST", `/v2/actor-runs/${idOf(emulator)}/resurrect`);
    const shown = [0, 59, 1].map((secs) => {
      emulator.clock.advance(secs * SECOND);
      return shownUsd(emulator);
    });
    expect([before, ...shown]).toEqual([60, 90, 90, 150]);
  });

  test("jumps where the cost comes in bursts, and stands still between them", () => {
    const emulator = emulatorOf({ cost: { bursts: { everyMs: MINUTE, usd: 2 } }, usageLagMs: 5 * SECOND });
    const shown = [64, 1, 59, 1].map((secs) => {
      emulator.clock.advance(secs * SECOND);
      return shownUsd(emulator);
    });
    expect(shown).toEqual([0, 2, 2, 4]);
  });

  test("moves on for twelve seconds after the end, then rests at the true cost", () => {
    const ends = { afterMs: MINUTE, status: "SUCCEEDED" } as const;
    const emulator = emulatorOf({ cost: 3_600, usageLagMs: 30 * SECOND, ends });
    emulator.clock.advance(MINUTE);
    const shown = [0, 6, 6, 60].map((secs) => {
      emulator.clock.advance(secs * SECOND);
      return shownUsd(emulator);
    });
    expect(shown).toEqual([30, 45, 60, 60]);
  });

  test("does not fall when a run is resurrected before its figure rests", () => {
    const ends = { afterMs: MINUTE, status: "SUCCEEDED" } as const;
    const emulator = emulatorOf({ cost: 3_600, usageLagMs: 30 * SECOND, ends });
    emulator.clock.advance(MINUTE + 6 * SECOND);
    const before = shownUsd(emulator);
    ask(emulator, "POST", `/v2/actor-runs/${idOf(emulator)}/resurrect`);
    expect(shownUsd(emulator)).toBe(before);
    emulator.clock.advance(SECOND);
    expect(shownUsd(emulator)).toBeGreaterThanOrEqual(before);
  });

  test("is left out, or null, for a run without figures, in lists as in details", () => {
    for (const costMissing of ["absent", "null"] as const) {
      const emulator = emulatorOf({ costMissing });
      const { data: run } = ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator)}`);
      const [item] = ask(emulator, "GET", "/v2/actor-runs").data.items;
      for (const told of [run, item]) {
        expect("usageTotalUsd" in told).toBe(costMissing === "null");
        expect(told.usageTotalUsd ?? null).toBeNull();
      }
      expect("usageUsd" in run).toBe(false);
      expect(emulator.truth.reportedUsdAt(idOf(emulator), emulator.clock.now())).toBeUndefined();
    }
  });

  test("is the sum of the breakdown", () => {
    const emulator = emulatorOf({ startsAfterMs: -HOUR, cost: 3 });
    const { data } = ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator)}`);
    const parts = Object.values(data.usageUsd as Record<string, number>);
    expect(parts.reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(data.usageTotalUsd, 9);
  });

  test("trails the charged events of a pay-per-event Actor", () => {
    const emulator = emulatorOf({ actor: "mapworks/places", cost: 3.6, usageLagMs: 100 * SECOND });
    emulator.clock.advance(200 * SECOND);
    expect(ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator)}`).data).toMatchObject({
      chargedEventCounts: { place: 20 },
      accountedChargedEventCounts: { place: 10 },
      usageTotalUsd: 0.1,
    });
  });

  test("is hidden, with its breakdown, from a read without a token", () => {
    const emulator = emulatorOf({ startsAfterMs: -HOUR });
    const { status, data } = ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator)}`, { token: null });
    expect([status, data.status]).toEqual([200, "RUNNING"]);
    expect(Object.keys(data)).not.toContain("usageTotalUsd");
    expect(Object.keys(data)).not.toContain("usageUsd");
  });

  test("is all that such a read lacks, unless the run is restricted", () => {
    const emulator = emulatorOf({ generalAccess: "RESTRICTED" });
    expect(ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator)}`, { token: null }).status).toBe(404);
    expect(ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator)}`).status).toBe(200);
  });
});
