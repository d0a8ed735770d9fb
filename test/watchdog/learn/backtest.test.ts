import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../support/fast-check.ts";
import { parsePolicy } from "../../../src/policy/index.ts";
import { backtest } from "../../../src/watchdog/learn/backtest.ts";
import type { History, Past } from "../../../src/watchdog/learn/past.ts";
import { past, START } from "./past-runs.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FROM = new Date(START);
const historyOf = (runs: readonly Past[], more: Partial<History> = {}): History => ({
  source: "apify",
  from: FROM,
  until: new Date(START + 30 * DAY),
  runs: runs.toSorted((a, b) => a.run.startedAt.getTime() - b.run.startedAt.getTime()),
  open: 0,
  ...more,
});
const policyOf = (...rules: readonly object[]) =>
  parsePolicy({
    version: 1,
    mode: "observe",
    rules: rules.map((rule, i) => ({ id: `r${i}`, steps: [{ at: "100%", do: "abort" }], ...rule })),
  });
const tried = (runs: readonly Past[], ...rules: readonly object[]) =>
  backtest(policyOf(...rules), historyOf(runs), () => ({ actorName: "acme/shop" }));
const ids = ({ stops }: ReturnType<typeof backtest>) => stops.map(({ runId }) => runId);
const usd = (micro: number) => micro / 1e6;

describe("backtest()", () => {
  const five = { limit: { usageTotalUsd: 5 } };

  it("stops what reached a limit on cost, and saves what came beyond it and the overshoot", () => {
    const { stops, savedMicroUsd, wrongStops } = tried(
      [past(0, 4.99), past(1, 12, { status: "FAILED" }), past(2, 5)],
      five,
    );
    // 150 s of an hour at four times the mean rate: a sixth of 12 USD.
    expect(stops).toMatchObject([
      {
        runId: "run1",
        ruleId: "r0",
        status: "FAILED",
        costMicroUsd: 12_000_000,
        savedMicroUsd: { from: 5_000_000, to: 7_000_000 },
        at: { from: past(1, 1).run.startedAt, to: past(1, 1).run.finishedAt },
        sure: true,
      },
      { runId: "run2", savedMicroUsd: { from: 0, to: 0 }, sure: false },
    ]);
    expect(savedMicroUsd).toEqual({ from: 5_000_000, to: 7_000_000 });
    expect(wrongStops).toMatchObject({ count: 1, successes: 2 });
  });

  it("takes a run for stopped by what it reached first, although its cost was next known beyond a later step or limit", () => {
    const [abort, now] = [
      { at: "100%", do: "abort" },
      { at: "150%", do: "abort-now" },
    ];
    const eight = { limit: { usageTotalUsd: 8 }, steps: [now] };
    for (const rules of [[{ ...five, steps: [abort, now] }], [eight, five], [five, eight]]) {
      const { savedMicroUsd } = tried([past(0, 15, { status: "FAILED" })], ...rules);
      expect(savedMicroUsd).toEqual({ from: 7_500_000, to: 10_000_000 });
    }
  });

  it("knows when a limit on time is reached, and of the cost then only that it lies between what is known", () => {
    const half = { limit: { runTime: "30m" } };
    const at = new Date(START + HOUR / 2);
    expect(tried([past(0, 6)], half).stops).toMatchObject([
      { at: { from: at, to: at }, savedMicroUsd: { from: 0, to: 6_000_000 }, sure: true },
    ]);
    const curve = [
      { at: new Date(START + 0.4 * HOUR), microUsd: 1_000_000 },
      { at: new Date(START + 0.6 * HOUR), microUsd: 2_000_000 },
    ];
    expect(tried([{ ...past(0, 6), curve }], half)).toMatchObject({
      coverage: { withCurve: 1 },
      stops: [{ savedMicroUsd: { from: 4_000_000, to: 5_000_000 } }],
    });
    expect(tried([past(0, undefined)], half).stops).toMatchObject([{ savedMicroUsd: { from: 0, to: 0 } }]);
  });

  it("is not sure of a run that may have ended before the stop had taken", () => {
    expect(tried([past(0, 6)], { limit: { runTime: "58m" } }).stops).toMatchObject([
      { savedMicroUsd: { from: 0, to: 6_000_000 }, sure: false },
    ]);
  });

  it("asks the tick's own decide: selectors, shares and the order of rules count", () => {
    const runs = [past(0, 12), past(1, 12, { origin: "API" })];
    expect(ids(tried(runs, { ...five, for: { origins: ["API"] } }))).toEqual(["run1"]);
    expect(ids(tried(runs, { ...five, for: { actors: ["acme/shop"] } }))).toEqual(["run0", "run1"]);
    expect(ids(tried(runs, { ...five, for: { actors: ["acme/other"] } }))).toEqual([]);
    const early = { ...five, steps: [{ at: "50%", do: "abort-now" }] };
    expect(tried([past(0, 12)], early).stops[0]?.savedMicroUsd.to).toBe(9_500_000);
  });

  it("names the rule that a straight line would have reached first", () => {
    const long = past(0, 12, { finishedAt: new Date(START + 12 * HOUR) });
    const [both] = tried([long], { limit: { runTime: "6h" } }, five).stops;
    expect(both).toMatchObject({ ruleId: "r1", savedMicroUsd: { to: 12_000_000 } });
  });

  it("has budgets count what is left when others were stopped, and spends no more of what is stopped", () => {
    const runs = Array.from({ length: 6 }, (_, i) => past(i, 4));
    const day = { budget: { usd: 10, per: "day" } };
    // 4, 8, 12: the third run brings it over, those after it are stopped on sight.
    const { stops } = tried(runs, day);
    expect(stops.map(({ runId, sure }) => [runId, sure])).toEqual([
      ["run2", false],
      ["run3", true],
      ["run4", true],
      ["run5", true],
    ]);
    // A limit that takes each down to a dollar leaves the budget alone.
    expect(
      new Set(tried(runs, day, { limit: { usageTotalUsd: 1 } }).stops.map(({ ruleId }) => ruleId)),
    ).toEqual(new Set(["r1"]));
    expect(ids(tried(runs, { budget: { usd: 10, per: "hour" } }))).toEqual([]);
  });

  it("lets a budget begin again with its window, and stop nothing in one that is not filled", () => {
    const days = [0, 24, 25, 26, 27, 48, 49].map((at) => past(at, 6));
    expect(ids(tried(days, { budget: { usd: 10, per: "day" } }))).toEqual([
      "run25",
      "run26",
      "run27",
      "run49",
    ]);
    expect(
      ids(
        backtest(
          policyOf({ budget: { usd: 10, per: "month" } }),
          historyOf(days, { from: new Date(START + HOUR) }),
          () => ({}),
        ),
      ),
    ).toEqual([]);
  });

  it.each(["UTC", "Asia/Kolkata"])("sums a day, a week and a month of %s, each by itself", (timeZone) => {
    const runs = [1, 25, 49, 200, 201, 300].map((at) => past(at, 6));
    const firstBy = (usd: number, per: string) =>
      ids(
        backtest(
          parsePolicy({
            version: 1,
            mode: "observe",
            timeZone,
            rules: [
              { id: "own", budget: { usd, per }, steps: [{ at: "100%", do: "abort" }] },
              { id: "day", budget: { usd: 900, per: "day" }, steps: [{ at: "100%", do: "abort" }] },
            ],
          }),
          historyOf(runs, { from: new Date(START - 40 * DAY) }),
          () => ({}),
        ),
      );
    // 1 September 2026 is a Tuesday: hours 200 and 201 are of the second week, hour 300 is of its Sunday.
    expect(firstBy(12, "day")).toEqual(["run201"]);
    expect(firstBy(18, "week")).toEqual(["run49", "run300"]);
    expect(firstBy(30, "month")).toEqual(["run201", "run300"]);
  });

  it("says what it covers, and what it leaves out", () => {
    const { coverage } = backtest(
      policyOf(
        five,
        { limit: { idleTime: "1h" }, steps: [{ at: "100%", do: "notify" }] },
        { ...five, schedule: { hours: ["08:00-18:00"] } },
      ),
      historyOf([past(0, 1), past(1, undefined), past(2, 1, { lives: 2 })], { open: 7, malformed: 1 }),
      () => ({}),
    );
    expect(coverage).toMatchObject({ runs: 11, withCurve: 0, days: 30 });
    expect(coverage.notSimulated).toEqual([
      "rule r1: idle time of runs that ended is not known",
      "rule r2: it applies at certain hours only",
      "7 runs live, just ended or in a status that is not known",
      "1 run listed by Apify in a way that can't be read",
      "1 run with several lives",
      "1 run of unknown cost, except by time",
      "pauses, exemptions and maxAborts; time in the queue counts as run time",
    ]);
  });

  it("tells near misses, expensive failures that no rule caught, and notices", () => {
    const steps = [
      { at: "80%", do: "notify" },
      { at: "100%", do: "abort" },
    ];
    const runs = [
      past(0, 4.5),
      past(1, 3),
      past(2, 4.6, { status: "FAILED" }),
      past(3, 4.4, { status: "TIMED-OUT" }),
    ];
    expect(tried(runs, { ...five, steps })).toMatchObject({
      nearMisses: [{ runId: "run0", ruleId: "r0", share: 0.9 }],
      missed: [{ runId: "run2", status: "FAILED", costMicroUsd: 4_600_000 }],
      noticesPerDay: 3 / 30,
    });
  });
});

describe("whatever happened", () => {
  /** How a run's cost grew, as shares of time and cost; at no time faster than four times its mean rate. */
  const curve = fc
    .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 })
    .map((weights) => {
      const floor = weights.map((weight) => 0.35 + weight);
      const total = floor.reduce((a, b) => a + b, 0);
      return floor.map((each) => each / total);
    });

  it("a limit on cost saves what the true curve says, within the range", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 5.01, max: 200, noNaN: true }),
        fc.integer({ min: 10, max: 2_000 }),
        curve,
        fc.double({ min: 0, max: 150, noNaN: true }),
        (final, minutes, parts, delaySecs) => {
          const finishedAt = new Date(START + minutes * 60_000);
          const { stops } = tried([past(0, final, { finishedAt })], { limit: { usageTotalUsd: 5 } });
          const length = (minutes * 60) / parts.length;
          const costAt = (secs: number): number => {
            const full = Math.min(parts.length, Math.floor(secs / length));
            const rest = full < parts.length ? ((parts[full] ?? 0) * (secs - full * length)) / length : 0;
            return final * (parts.slice(0, full).reduce((a, b) => a + b, 0) + rest);
          };
          let [low, high] = [0, minutes * 60];
          for (let i = 0; i < 60; i++) {
            const middle = (low + high) / 2;
            if (costAt(middle) < 5) low = middle;
            else high = middle;
          }
          const truly = final - Math.min(final, costAt(high + delaySecs));
          const [stop] = stops;
          expect(usd(stop?.savedMicroUsd.from ?? Number.NaN)).toBeLessThanOrEqual(truly + 1e-5);
          expect(usd(stop?.savedMicroUsd.to ?? Number.NaN)).toBeGreaterThanOrEqual(truly - 1e-5);
        },
      ),
    );
  });

  const some = fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 28 * 24 * 60 }),
      minutes: fc.integer({ min: 1, max: 900 }),
      usd: fc.double({ min: 0, max: 12, noNaN: true }),
    }),
    { minLength: 12, maxLength: 30 },
  );

  it("taking away the future changes nothing before it", () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 29 * 24 * 60 }), (all, cut) => {
        const runs = all.map(({ at, minutes, usd: cost }, i) => {
          const startedAt = new Date(START + at * 60_000);
          return past(i, cost, { startedAt, finishedAt: new Date(startedAt.getTime() + minutes * 60_000) });
        });
        const rules = [
          { limit: { usageTotalUsd: 5 } },
          { limit: { runTime: "6h" } },
          { budget: { usd: 20, per: "day" } },
          { budget: { usd: 40, per: "month" } },
        ];
        const end = START + cut * 60_000;
        const stoppedBefore = (found: ReturnType<typeof backtest>) =>
          found.stops.filter(({ at }) => at.to.getTime() < end);
        const known = runs.filter(({ run }) => run.startedAt.getTime() < end);
        expect(stoppedBefore(tried(known, ...rules))).toEqual(stoppedBefore(tried(runs, ...rules)));
      }),
    );
  });
});
