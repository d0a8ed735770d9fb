import { describe, expect, it } from "vitest";
import { bookedOf, folded, takenOff } from "../../../src/watchdog/observe/booked.ts";
import { at, HOUR, MINUTE, run, usd } from "../../support/builders.ts";

const item = (overrides = {}) => ({
  run: run(),
  life: 0,
  recordedAt: at(0),
  version: 2,
  curve: [],
  ...overrides,
});

describe("what a run has booked", () => {
  it("loses a correction from its latest slots, and never more than is in them", () => {
    const has = { "2026-11-24": usd(5), "2026-11-24T10": usd(2), "2026-11-24T11": usd(1) };
    expect(takenOff(usd(2), has)).toEqual({ "2026-11-24T11": -usd(1), "2026-11-24T10": -usd(1) });
    expect(takenOff(usd(8), has)).toEqual({
      "2026-11-24T11": -usd(1),
      "2026-11-24T10": -usd(2),
      "2026-11-24": -usd(5),
    });
    expect(takenOff(usd(8.01), has)).toBeUndefined();
  });

  it("is kept by the hour for three days of hours, and by the day before", () => {
    const hours = Object.fromEntries(
      Array.from({ length: 96 }, (_, i) => [
        at((i - 95) * HOUR)
          .toISOString()
          .slice(0, 13),
        1,
      ]),
    );
    const kept = folded(hours);
    expect(Object.keys(kept).filter((slot) => slot.length === 10)).toEqual(["2026-11-20", "2026-11-21"]);
    expect(Object.keys(kept).length).toBeLessThan(3 * 24 + 3);
    expect(Object.values(kept).reduce((sum, each) => sum + each, 0)).toBe(96);
  });

  it("is kept by the hour however long ago that is, so that a correction is taken off these hours", () => {
    const has = { "2026-11-21T07": usd(1), "2026-11-21T08": usd(2), "2026-11-24T11": usd(1) };
    expect(folded(has)).toEqual(has);
    expect(takenOff(usd(2), has)).toEqual({ "2026-11-24T11": -usd(1), "2026-11-21T08": -usd(1) });
  });

  it("is told by the curve of an item that was kept before, corrections in it included", () => {
    const curve = [
      { at: at(0), microUsd: usd(2) },
      { at: at(30 * MINUTE), microUsd: usd(3) },
      { at: at(60 * MINUTE), microUsd: usd(1.5) },
    ];
    const spent = { at: at(60 * MINUTE), microUsd: usd(1.5) };
    expect(bookedOf(item({ spent, curve }))).toEqual({ "2026-11-24T11": usd(1.5) });
    expect(bookedOf(item({ spent: { ...spent, microUsd: usd(9) }, curve }))).toEqual({});
  });
});
