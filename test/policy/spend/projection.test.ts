import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LiveSpend } from "../../../src/policy/spend/ledger-view.ts";
import { burnOf, projected } from "../../../src/policy/spend/projection.ts";
import { at, HOUR, MINUTE, NOON, usd } from "../../support/builders.ts";

/** Two hours of it are over at noon, and two are to come. */
const window = { from: at(-2 * HOUR), to: at(2 * HOUR) };

/** A run that has been burning a dollar an hour since the window began. */
const live = (overrides: Partial<LiveSpend> = {}): LiveSpend => ({
  actorId: "actor1",
  startedAt: window.from,
  usageTotalMicroUsd: usd(2),
  unrecorded: {},
  measuredBurnMicroUsdPerHour: usd(1),
  ...overrides,
});
const { measuredBurnMicroUsdPerHour: _rate, ...unmeasured } = live();

const projection = (spent: number, runs: readonly LiveSpend[], now = NOON): number | undefined => {
  const measurement = projected("usd", { spent, live: runs }, window, now);
  return measurement.kind === "known" ? measurement.value : undefined;
};

describe("projected()", () => {
  it("lets a live run go on at its own rate", () => {
    expect(projection(usd(2), [live({ measuredBurnMicroUsdPerHour: usd(3) })])).toBe(usd(2 + 2 * 3));
    expect(projection(usd(2), [live({ measuredBurnMicroUsdPerHour: 0 })])).toBe(usd(2));
  });

  it("lets what has ended be followed by its like, at the window's average", () => {
    expect(projection(usd(6), [])).toBe(usd(12));
    expect(projection(usd(6), [live()])).toBe(usd(6 + 2 * 1 + 2 * 2));
  });

  it("counts a run whose rate is not measured among what has ended", () => {
    expect(projection(usd(6), [unmeasured])).toBe(usd(12));
    expect(projection(usd(6), [live({ measuredBurnMicroUsdPerHour: Number.NaN })])).toBe(usd(12));
  });

  it("takes of an older run its share of the window alone for what the others did not spend", () => {
    // Eight hours old, 8 USD: two of them in the window.
    const old = live({ startedAt: at(-8 * HOUR), usageTotalMicroUsd: usd(8) });
    expect(projection(usd(2), [old])).toBe(usd(2 + 2 * 1));
    expect(projection(usd(4), [old])).toBe(usd(4 + 2 * 1 + 2 * 1));
  });

  it("takes of a run that started within the window all that it has spent", () => {
    const young = live({ startedAt: at(-HOUR) });
    expect(projection(usd(6), [young])).toBe(usd(6 + 2 * 1 + 2 * 2));
  });

  it("says from how much, and how fast", () => {
    expect(projected("usd", { spent: usd(6), live: [live()] }, window, NOON)).toMatchObject({
      facts: { spentUsd: 6, usdPerHour: 3 },
    });
  });

  it("says nothing in the first quarter of an hour", () => {
    const early = new Date(window.from.getTime() + (15 * MINUTE - 1) * 1000);
    expect(projected("usd", { spent: usd(1), live: [] }, window, early)).toEqual({
      kind: "unknown",
      reason: "its window has only just begun",
      young: true,
    });
    const later = new Date(window.from.getTime() + 15 * MINUTE * 1000);
    expect(projection(usd(1), [], later)).toBe(usd(16));
  });

  it("says nothing in the first twentieth of a long window, whatever an hour of it has cost", () => {
    const month = { from: at(0), to: at(30 * 24 * HOUR) };
    const spent = { spent: usd(1), live: [] };
    expect(projected("usd", spent, month, at(36 * HOUR - 1))).toMatchObject({ kind: "unknown", young: true });
    expect(projected("usd", spent, month, at(36 * HOUR))).toMatchObject({ kind: "known", value: usd(20) });
  });

  it("is never below what is spent, comes to it as the window ends, and is more where more is spent or burnt", () => {
    const runs = fc.array(
      fc.record({
        startedAt: fc.integer({ min: -10 * HOUR, max: 0 }).map(at),
        usageTotalMicroUsd: fc.integer({ min: 0, max: usd(5) }),
        measuredBurnMicroUsdPerHour: fc.integer({ min: 0, max: usd(5) }),
      }),
      { maxLength: 4 },
    );
    const money = fc.integer({ min: 0, max: usd(20) });
    fc.assert(
      fc.property(
        money,
        money,
        runs,
        fc.integer({ min: -HOUR, max: 2 * HOUR }),
        (spent, more, some, secs) => {
          const group = some.map(live);
          const value = projection(spent, group, at(secs)) ?? Number.NaN;
          expect(value).toBeGreaterThanOrEqual(spent);
          expect(projection(spent + more, group, at(secs))).toBeGreaterThanOrEqual(value + more - 1);
          const faster = group.map((each) => live({ ...each, measuredBurnMicroUsdPerHour: usd(6) }));
          expect(projection(spent, faster, at(secs))).toBeGreaterThanOrEqual(value);
          expect(projection(spent, group, window.to)).toBe(spent);
        },
      ),
    );
  });
});

describe("burnOf()", () => {
  it("adds up the rates that are measured", () => {
    expect(burnOf([live(), unmeasured, live({ measuredBurnMicroUsdPerHour: usd(2) })])).toBe(usd(3));
    expect(burnOf([])).toBe(0);
  });
});
