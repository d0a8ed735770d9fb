import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Comparable, type Run, typicalOf } from "../../../src/policy/index.ts";
import { at, NOON, run, runOfUnknownCost, usd } from "../../support/builders.ts";

/** A run that ended well so many seconds before noon, after so many, at this cost in USD. */
const ended = (agoSecs: number, tookSecs: number, amount?: number, overrides: Partial<Run> = {}): Run =>
  (amount === undefined ? runOfUnknownCost : run)({
    ...(amount !== undefined && { usageTotalMicroUsd: usd(amount) }),
    status: "SUCCEEDED",
    startedAt: at(-agoSecs - tookSecs),
    finishedAt: at(-agoSecs),
    ...overrides,
  });

describe("typicalOf()", () => {
  it("is the median of cost and run time, and of how many runs", () => {
    expect(typicalOf([ended(600, 50, 3), ended(700, 10, 1), ended(800, 20, 20)], NOON)).toEqual({
      usageTotalMicroUsd: { median: usd(3), runs: 3 },
      runTimeSecs: { median: 20, runs: 3 },
    });
  });

  it("is half way between the middle two of an even number, in whole micro-dollars", () => {
    const runs = [ended(600, 5, 0.000001), ended(600, 10, 0.000004)];
    expect(typicalOf(runs, NOON)).toEqual({
      usageTotalMicroUsd: { median: 3, runs: 2 },
      runTimeSecs: { median: 7.5, runs: 2 },
    });
  });

  it("leaves out of the cost, not of the time, runs whose cost is not reported", () => {
    const { usageTotalMicroUsd, runTimeSecs } = typicalOf([ended(600, 10, 2), ended(600, 30)], NOON);
    expect([usageTotalMicroUsd, runTimeSecs]).toEqual([
      { median: usd(2), runs: 1 },
      { median: 20, runs: 2 },
    ]);
    expect(typicalOf([ended(600, 10)], NOON)).toEqual({ runTimeSecs: { median: 10, runs: 1 } });
  });

  it("leaves out runs that ended less than a minute ago, whose figure may not rest yet", () => {
    expect(typicalOf([ended(59.999, 10, 2)], NOON)).toEqual({});
    expect(typicalOf([ended(60, 10, 2)], NOON).runTimeSecs?.runs).toBe(1);
  });

  it.each([
    ["failed", ended(600, 10, 9, { status: "FAILED" })],
    ["is still running", run()],
    ["does not say when it ended", run({ status: "SUCCEEDED" })],
  ])("leaves out a run that %s", (_what, odd) => {
    expect(typicalOf([odd], NOON)).toEqual({});
  });

  it("takes no time from a run that ended before it started", () => {
    expect(typicalOf([ended(600, -1, 2)], NOON)).toEqual({ usageTotalMicroUsd: { median: usd(2), runs: 1 } });
  });

  it("does not depend on the order of the runs, and lies between the least and the most", () => {
    const secs = fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(secs, (times) => {
        const of = (list: readonly number[]) =>
          typicalOf(
            list.map((each) => ended(600, each)),
            NOON,
          ).runTimeSecs;
        const typical = of(times);
        expect(of(times.toReversed())).toEqual(typical);
        expect(typical?.median).toBeGreaterThanOrEqual(Math.min(...times));
        expect(typical?.median).toBeLessThanOrEqual(Math.max(...times));
        const notAbove = times.filter((each) => each <= (typical?.median ?? 0)).length;
        expect(notAbove * 2).toBeGreaterThanOrEqual(times.length);
      }),
    );
  });
});

describe("what we stopped counts as at least as expensive", () => {
  const stopped = (agoSecs: number, tookSecs: number, amount?: number): Comparable => ({
    ...ended(agoSecs, tookSecs, amount, { status: "ABORTED" }),
    stopped: true,
  });
  const cost = (runs: readonly Comparable[]) => typicalOf(runs, NOON).usageTotalMicroUsd;

  it("stands above every success, and is told beside them", () => {
    const successes = [1, 2, 3].map((amount) => ended(600, 60, amount));
    expect(cost(successes)).toEqual({ median: usd(2), runs: 3 });
    expect(cost([...successes, stopped(600, 60, 9), stopped(600, 60, 9)])).toEqual({
      median: usd(3),
      runs: 3,
      stopped: 2,
    });
  });

  it("is at least as much as any success, though it was stopped early or its cost is not reported", () => {
    const successes = [1, 2, 3].map((amount) => ended(600, 60, amount));
    for (const early of [stopped(600, 60, 0.1), stopped(600, 60)])
      expect(cost([...successes, early, early])).toMatchObject({ median: usd(3), stopped: 2 });
  });

  it("is what it had come to where most were stopped", () => {
    expect(cost([ended(600, 60, 1), stopped(600, 60, 5), stopped(600, 60, 9)])).toMatchObject({
      median: usd(5),
    });
  });

  it("says nothing by itself, nor before its figure rests, nor where somebody else stopped it", () => {
    expect(typicalOf([stopped(600, 60, 5)], NOON)).toEqual({});
    expect(cost([ended(600, 60, 1), stopped(59, 60, 5)])).toEqual({ median: usd(1), runs: 1 });
    expect(cost([ended(600, 60, 1), ended(600, 60, 5, { status: "ABORTED" })])).toEqual({
      median: usd(1),
      runs: 1,
    });
  });

  it("counts the time of a stopped run in the same way", () => {
    const { runTimeSecs } = typicalOf([ended(600, 10, 1), ended(600, 20, 1), stopped(600, 5, 1)], NOON);
    expect(runTimeSecs).toEqual({ median: 20, runs: 2, stopped: 1 });
  });

  it("leaves what is usual where it was: a limit of so many times the median does not tighten itself", () => {
    const costs = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 3, maxLength: 40 });
    fc.assert(
      fc.property(costs, fc.integer({ min: 2, max: 5 }), (all, times) => {
        const truth = cost(all.map((amount) => ended(600, 60, amount)))?.median ?? 0;
        const limit = (times * truth) / 1e6;
        const seen = all.map(
          (amount): Comparable => (amount > limit ? stopped(600, 60, limit) : ended(600, 60, amount)),
        );
        expect(cost(seen)?.median).toBe(truth);
        const forgotten = cost(seen.filter((each) => !each.stopped))?.median ?? 0;
        expect(forgotten).toBeLessThanOrEqual(truth);
      }),
    );
  });
});
