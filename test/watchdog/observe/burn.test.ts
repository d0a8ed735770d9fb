import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Run } from "../../../src/policy/index.ts";
import type { LiveRun } from "../../../src/watchdog/model/live.ts";
import { observationOf, remember, type Seen } from "../../../src/watchdog/observe/remember.ts";
import { at, HOUR, MINUTE, run, runOfUnknownCost, usd } from "../../support/builders.ts";

/** A look so many seconds after noon that shows this cost in USD. */
const costing = (secs: number, amount: number): Seen => ({
  run: run({ usageTotalMicroUsd: usd(amount) }),
  observedAt: at(secs),
  source: "list",
});
const blind = (secs: number): Seen => ({ run: runOfUnknownCost(), observedAt: at(secs), source: "list" });
const observed = (...looks: readonly Seen[]) => {
  const [first, ...rest] = looks;
  if (first === undefined) throw new Error("a look");
  return observationOf(
    rest.reduce<LiveRun>((before, seen) => remember(before, seen), remember(undefined, first)),
  );
};
const rate = (...looks: readonly Seen[]) => observed(...looks).measuredBurnMicroUsdPerHour;

describe("the burn rate", () => {
  it("is not measured by one jump, however large, of which nobody knows how long it took", () => {
    expect(rate(costing(0, 1))).toBeUndefined();
    expect(rate(costing(0, 1), costing(600, 1))).toBeUndefined();
    expect(rate(costing(0, 0), costing(60, 70))).toBeUndefined();
    expect(rate(costing(0, 0), costing(60, 70), costing(120, 70), costing(180, 70))).toBeUndefined();
  });

  it("is the lower of the rates over the last two stretches, so that one jump stops nothing", () => {
    expect(rate(costing(0, 1), costing(60, 1.5), costing(120, 2))).toBe(usd(30));
    expect(rate(costing(0, 1), costing(60, 2), costing(3660, 3))).toBe(usd(1));
    expect(rate(costing(0, 1), costing(3600, 2), costing(3660, 3))).toBe(usd(1));
    expect(rate(costing(0, 0), costing(3600, 1), costing(3660, 9), costing(7260, 10))).toBe(usd(1));
  });

  it("is right where Apify refreshes the figure every five minutes, wherever between two the first look fell", () => {
    // 1 USD an hour.
    const looks = Array.from({ length: 14 }, (_, i) =>
      costing(180 + i * 60, Math.floor((180 + i * 60) / 300) / 12),
    );
    expect(rate(...looks.slice(0, 8))).toBeLessThanOrEqual(usd(1.01));
    expect(rate(...looks.slice(0, 13))).toBeGreaterThan(usd(0.99));
  });

  it("reaches back over looks at which the figure had not moved", () => {
    expect(rate(costing(0, 1), costing(60, 1), costing(120, 2), costing(180, 2), costing(240, 3))).toBe(
      usd(30),
    );
  });

  it("falls while the figure rests, for a run that stopped spending burns no more", () => {
    const moved = [costing(-60, 0), costing(0, 1), costing(60, 2)];
    expect(rate(...moved)).toBe(usd(60));
    expect(rate(...moved, costing(120, 2))).toBe(usd(30));
    expect(rate(...moved, costing(120, 2), costing(HOUR, 2))).toBe(usd(1));
  });

  it("is not measured between looks that are seconds apart, but between those further apart", () => {
    expect(rate(costing(-60, 0.95), costing(0, 1), costing(1, 1.05))).toBeUndefined();
    expect(rate(costing(-60, 0.95), costing(0, 1), costing(29.999, 1.05))).toBeUndefined();
    expect(rate(costing(-60, 0.95), costing(0, 1), costing(1, 1.05), costing(60, 1.05))).toBe(usd(3));
  });

  it("is not driven up by a list that lags behind the details read just after it", () => {
    // 6 USD an hour; each list shows the cost of half a minute ago, each detail the cost of now.
    const ticks = [0, 1, 2, 3, 4].map((minute) => minute * 60);
    const looks = ticks.flatMap((secs) => [
      costing(secs, 1 + (secs - 30) / 600),
      costing(secs + 1, 1 + (secs + 1) / 600),
    ]);
    expect(rate(...looks)).toBeGreaterThan(usd(5.8));
    expect(rate(...looks)).toBeLessThan(usd(6.1));
  });

  it("is not told at a look that tells no cost, and that is no fall to 0", () => {
    const moved = [costing(-60, 0), costing(0, 1), costing(60, 2)];
    expect(rate(...moved, blind(120))).toBeUndefined();
    expect(observed(...moved, blind(120)).burnMicroUsdPerHour).toBe(usd(30));
    expect(rate(costing(-60, 0), costing(0, 1), blind(120), costing(240, 2))).toBe(usd(15));
  });

  it("is not negative when Apify corrects a figure downwards", () => {
    expect(rate(costing(0, 2), costing(60, 1), costing(120, 0.5))).toBe(0);
    expect(rate(costing(0, 2), costing(60, 1), costing(120, 9))).toBe(0);
  });

  it("is of one life: what the life before burnt says nothing of the next", () => {
    const risen: Partial<Run> = { usageTotalMicroUsd: usd(2), detail: { stats: {}, resurrectCount: 1 } };
    const rise: Seen = { run: run(risen), observedAt: at(120), source: "detail" };
    const moved = [costing(-60, 0), costing(0, 1), costing(60, 2)];
    expect(rate(...moved, rise, costing(180, 2.5))).toBeUndefined();
    expect(rate(...moved, rise, costing(180, 2.5), costing(240, 3))).toBe(usd(30));
  });

  it("is finite and never negative, and never above the dearest half minute", () => {
    const steps = fc.array(
      fc.record({ secs: fc.integer({ min: 0, max: 600 }), cents: fc.nat({ max: 500 }) }),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(steps, (list) => {
        let [secs, cents] = [0, 100];
        const looks = [costing(0, 1)];
        for (const step of list) {
          secs += step.secs;
          cents += step.cents;
          looks.push(costing(secs, cents / 100));
        }
        const measured = rate(...looks) ?? 0;
        expect(Number.isFinite(measured) && measured >= 0).toBe(true);
        expect(measured).toBeLessThanOrEqual(usd((cents - 100) / 100) * ((60 * MINUTE) / 30));
      }),
    );
  });
});
