import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../support/fast-check.ts";
import { parsePolicy } from "../../../src/policy/index.ts";
import { type Backtest, backtest } from "../../../src/watchdog/learn/backtest.ts";
import type { Past } from "../../../src/watchdog/learn/past.ts";
import { past, START } from "./past-runs.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const at = (hours: number) => new Date(START + hours * HOUR);
const tried = (runs: readonly Past[], ...rules: readonly object[]): Backtest =>
  backtest(
    parsePolicy({
      version: 1,
      mode: "observe",
      rules: rules.map((rule, i) => ({ id: `r${i}`, steps: [{ at: "100%", do: "abort" }], ...rule })),
    }),
    {
      source: "apify",
      from: new Date(START - 40 * DAY),
      until: new Date(START + 30 * DAY),
      runs: runs.toSorted((a, b) => a.run.startedAt.getTime() - b.run.startedAt.getTime()),
      open: 0,
    },
    () => ({}),
  );

/** How runs went: when they began, for how long, what they came to, and how that grew: below 1 early, above 1 late. */
const world = fc.array(
  fc.record({
    start: fc.integer({ min: 0, max: 4 * 24 * 60 }),
    minutes: fc.integer({ min: 1, max: 40 * 60 }),
    usd: fc.double({ min: 0, max: 12, noNaN: true }),
    shape: fc.double({ min: 0.2, max: 3, noNaN: true }),
  }),
  { minLength: 4, maxLength: 12 },
);
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;
const PARTS = 20;
const runsOf = (runs: World, isWatched: boolean): readonly Past[] =>
  runs.map(({ start, minutes, usd, shape }, i) => {
    const startedAt = new Date(START + start * MINUTE);
    const parts = Array.from({ length: PARTS - 1 }, (_, part) => (part + 1) / PARTS);
    return {
      ...past(i, usd, { startedAt, finishedAt: new Date(startedAt.getTime() + minutes * MINUTE) }),
      ...(isWatched && {
        curve: parts.map((part) => ({
          at: new Date(startedAt.getTime() + Math.floor(part * minutes * MINUTE)),
          microUsd: Math.round(usd * 1e6 * part ** shape),
        })),
      }),
    };
  });

describe("the ranges of backtest()", () => {
  it("counts nothing in a budget's window that may have been spent before it", () => {
    const ran = (i: number, usd: number, from: number, to: number) =>
      past(i, usd, { startedAt: at(from), finishedAt: at(to) });
    // Had the first spent its 9 USD on the first evening, and the third its 11 at its end, the fourth would have been left.
    const runs = [ran(0, 9, 20, 26), ran(1, 2, 25, 26.5), ran(2, 11, 25, 47), ran(3, 1, 24.5, 40)];
    const { stops } = tried(runs, { budget: { usd: 10, per: "day" } });
    expect(stops.find(({ runId }) => runId === "run3")).toMatchObject({
      sure: false,
      savedMicroUsd: { from: 0 },
    });
  });

  it("knows to the hour what a run that was watched spent in a window that it did not begin in", () => {
    const long = past(0, 12, { startedAt: at(23), finishedAt: at(27) });
    const curve = [
      { at: at(23), microUsd: 0 },
      { at: at(26.99), microUsd: 11_970_000 },
    ];
    const watched = { from: at(23), activeUntil: at(26.99) };
    const budget = { budget: { usd: 5, per: "day" } };
    // 3 USD an hour: the second day's 5 are reached at 1:40.
    expect(tried([{ ...long, curve, watched }], budget).stops).toMatchObject([
      { at: { from: at(25), to: at(26) }, sure: true },
    ]);
    expect(tried([long], budget).stops).not.toMatchObject([{ sure: true }]);
  });

  it("spreads what follows a figure of 0 over all the time since the run's start, as the ledger does", () => {
    const untold = past(0, 6, { startedAt: at(0.8), finishedAt: at(1.02) });
    const curve = [
      { at: at(0.8), microUsd: 0 },
      { at: at(1), microUsd: 0 },
    ];
    const watched = { from: at(0.8), activeUntil: at(1) };
    const other = past(1, 1, { startedAt: at(1), finishedAt: at(1.9) });
    // Most of the 6 USD are booked in the hour before, and the second run spends less than a budget.
    const { stops } = tried([{ ...untold, curve, watched }, other], { budget: { usd: 5, per: "hour" } });
    expect(stops.find(({ runId }) => runId === "run1")).toMatchObject({ sure: false, at: { to: at(1.9) } });
  });

  it("counts what Apify told only after a run's end from when that was recorded, at the latest", () => {
    const short = past(0, 6, { startedAt: at(1), finishedAt: at(1.1) });
    const curve = [
      { at: at(1), microUsd: 0 },
      { at: at(1.09), microUsd: 1_000_000 },
    ];
    const watched = { from: at(1), activeUntil: at(1.09) };
    const other = past(1, 0.5, { startedAt: at(1), finishedAt: at(2) });
    const stopOf = (toldAt: Date, budget = 5) =>
      tried(
        [
          { ...short, curve, watched, toldAt },
          { ...other, lives: 1 },
        ],
        {
          budget: { usd: budget, per: "month" },
        },
      ).stops.find(({ runId }) => runId === "run1");
    expect(stopOf(at(1.35))).toMatchObject({ at: { from: at(1.09), to: at(1.35) }, sure: true });
    expect(stopOf(at(1.99))).toMatchObject({ sure: false });
    expect(stopOf(at(1.35), 1)).toMatchObject({ at: { to: at(1.09) } });
    expect(stopOf(at(40))).toMatchObject({ sure: false, at: { to: at(2) } });
  });

  it("is not sure of a stop by a figure that the reading before it took back", () => {
    const run = past(0, 4, { startedAt: at(1), finishedAt: at(3) });
    const secs = (hours: number, after: number) => new Date(at(hours).getTime() + after * 1000);
    const curve = [
      { at: at(1), microUsd: 0 },
      { at: at(1.5), microUsd: 600_000 },
      { at: secs(1.5, 1), microUsd: 400_000 },
      { at: at(2.5), microUsd: 3_000_000 },
    ];
    const watched = { from: at(1), activeUntil: at(2.9) };
    for (const rule of [{ limit: { usageTotalUsd: 0.5 } }, { budget: { usd: 0.5, per: "month" } }]) {
      const [stop] = tried([{ ...run, curve, watched }], rule).stops;
      expect(stop?.at.from.getTime()).toBeLessThanOrEqual(at(1.5).getTime());
      expect(stop?.at.to.getTime()).toBeGreaterThan(at(1.5).getTime());
    }
  });

  it("is not sure of a stop by a figure that no reading bore out", () => {
    const run = past(0, 4, { startedAt: at(1), finishedAt: at(3) });
    const curve = [
      { at: at(1), microUsd: 0 },
      { at: at(2.9), microUsd: 3_800_000 },
    ];
    const watched = { from: at(1), activeUntil: at(2.9) };
    const untold = (from: number, to: number) => ({
      curve,
      lives: 1,
      watched: { ...watched, untold: [{ from: at(from), to: at(to) }] },
    });
    const rule = { limit: { usageTotalUsd: 2 } };
    const after = { from: expect.any(Date), to: new Date(at(2.5).getTime() + 1) };
    // Reached at two; the readings that follow leave the cost out until half past two. By then it is 3 USD, and goes on.
    const [late] = tried([{ ...run, ...untold(2.01, 2.5) }], rule).stops;
    expect(late).toMatchObject({ at: after, sure: true });
    expect(late?.savedMicroUsd.from).toBeLessThan(1_000_000);
    expect(tried([{ ...run, ...untold(2.01, 2.97) }], rule).stops).toMatchObject([
      { sure: false, savedMicroUsd: { from: 0 } },
    ]);
    expect(tried([{ ...run, ...untold(1.1, 1.9) }], rule).stops).toMatchObject([
      { at: { to: at(2.005) }, sure: true },
    ]);
    const byTime = { limit: { runTime: "1h" } };
    expect(tried([{ ...run, ...untold(1.9, 2.9) }], byTime).stops).toMatchObject([
      { at: { to: at(2) }, sure: true },
    ]);
  });

  it("is not sure of a stop before the look that showed an unknown status", () => {
    const run = past(0, 4, { startedAt: at(1), finishedAt: at(3) });
    const from = new Date(at(2).getTime() + 700);
    // The look at 2:00:00.7 showed 2 USD and an unknown status; points are kept to the second.
    const curve = [
      { at: at(1), microUsd: 0 },
      { at: at(2), microUsd: 2_000_000 },
      { at: at(2.9), microUsd: 3_800_000 },
    ];
    const watched = (to: number) => ({ from: at(1), strange: [{ from, to: at(to) }] });
    const ended = (to: number) => ({ ...run, curve, lives: 1, watched: watched(to) });
    for (const rule of [{ limit: { usageTotalUsd: 2 } }, { budget: { usd: 2, per: "month" } }]) {
      expect(tried([ended(2.99)], rule).stops.filter(({ sure }) => sure)).toEqual([]);
      const [stop] = tried([ended(2.5)], rule).stops;
      expect(stop).toMatchObject({ at: { to: new Date(at(2.5).getTime() + 1) }, sure: true });
      expect(stop?.savedMicroUsd.from).toBeLessThan(1_000_000);
    }
  });

  it("is sure of a stop on cost, whether or not one on time comes before it", () => {
    const rules = [{ limit: { usageTotalUsd: 5 } }, { limit: { runTime: "6h" } }];
    const run = past(0, 48, { startedAt: at(0), finishedAt: at(20) });
    const { lives: _lives, ...listed } = run;
    // Of how many lives it has Apify's list says nothing: between two of them the limit on time does not count.
    const [stop] = tried([listed], ...rules).stops;
    expect(stop).toMatchObject({ ruleId: "r0", sure: true });
    expect(stop?.savedMicroUsd).toEqual({ from: 42_600_000, to: 48_000_000 });
    expect(tried([{ ...listed, lives: 1 }], ...rules).stops[0]?.savedMicroUsd.from).toBe(42_600_000);
    expect(tried([listed], { limit: { runTime: "6h" } }).stops).toMatchObject([{ sure: false }]);
  });

  it("leaves a budget at its step when it stops the run that brought it there", () => {
    const long = past(0, 12, { startedAt: at(1), finishedAt: at(6) });
    const other = past(1, 1, { startedAt: at(3), finishedAt: at(4) });
    const stopped = tried([long, other], { budget: { usd: 10, per: "month" } }).stops;
    expect(stopped.map(({ runId, sure }) => [runId, sure])).toEqual([
      ["run0", false],
      ["run1", false],
    ]);
  });

  it("is a range, within the run's time and cost", () => {
    const rules = [
      { limit: { usageTotalUsd: 6 } },
      { limit: { runTime: "7h" } },
      { budget: { usd: 9, per: "week" } },
      { budget: { usd: 10, per: "day" } },
    ];
    fc.assert(
      fc.property(world, fc.subarray(rules, { minLength: 1 }), (runs, some) => {
        const known = new Map(runsOf(runs, false).map(({ run }) => [run.id, run]));
        for (const stop of tried(runsOf(runs, false), ...some).stops) {
          const { startedAt, finishedAt, usageTotalMicroUsd = 0 } = known.get(stop.runId) ?? {};
          const { from, to } = stop.savedMicroUsd;
          expect([0, from, to, usageTotalMicroUsd].toSorted((a, b) => a - b)).toEqual([
            0,
            from,
            to,
            usageTotalMicroUsd,
          ]);
          const times = [startedAt, stop.at.from, stop.at.to, finishedAt].map(Number);
          expect(times.toSorted((a, b) => a - b)).toEqual(times);
        }
      }),
    );
  });

  it.each(["hour", "month"])("holds what a budget per %s would have stopped, had all been known", (per) => {
    fc.assert(
      fc.property(world, fc.integer({ min: 5, max: 25 }), (runs, usd) => {
        const budget = { budget: { usd, per } };
        const [bare, watched] = [false, true].map((is) => tried(runsOf(runs, is), budget).stops);
        const truly = new Set(watched?.map(({ runId }) => runId));
        for (const { runId, sure } of bare ?? []) if (sure) expect(truly).toContain(runId);
        if (per !== "month") return;
        for (const { runId, sure } of watched ?? [])
          if (sure) expect(bare?.map((each) => each.runId)).toContain(runId);
      }),
      { numRuns: 80 },
    );
  });

  it("bounds wrong stops by the successes that its rules could judge", () => {
    const runs = Array.from({ length: 60 }, (_, i) => past(i, i < 30 ? 1 : undefined));
    expect(tried(runs, { limit: { usageTotalUsd: 5 } }).wrongStops).toMatchObject({
      count: 0,
      successes: 60,
      atMost95: expect.closeTo(1 - 0.05 ** (1 / 30), 9),
    });
    expect(tried(runs, { limit: { runTime: "2h" } }).wrongStops.atMost95).toBeCloseTo(
      1 - 0.05 ** (1 / 60),
      9,
    );
  });

  it("tells notices a day of the days from the first run that is known", () => {
    const runs = [past(20 * 24, 6), past(25 * 24, 6)];
    const steps = [{ at: "100%", do: "notify" }];
    expect(tried(runs, { limit: { usageTotalUsd: 5 }, steps }).noticesPerDay).toBeCloseTo(2 / 10, 9);
    const both = [
      { at: "80%", do: "notify" },
      { at: "100%", do: "abort" },
    ];
    expect(tried(runs, { limit: { usageTotalUsd: 5 }, steps: both }).noticesPerDay).toBeCloseTo(4 / 10, 9);
  });
});
