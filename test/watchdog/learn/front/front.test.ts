import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../../support/fast-check.ts";
import { parsePolicy, toUsd } from "../../../../src/policy/index.ts";
import { backtest } from "../../../../src/watchdog/learn/backtest.ts";
import { type Front, type FrontPoint, front } from "../../../../src/watchdog/learn/front/front.ts";
import type { History, Past } from "../../../../src/watchdog/learn/past.ts";
import { past, START } from "../past-runs.ts";

const MINUTE = 60_000;
const historyOf = (runs: readonly Past[]): History => ({
  source: "apify",
  from: new Date(START - 1_000),
  until: new Date(START + 90 * 24 * 60 * MINUTE),
  runs: runs.toSorted((a, b) => a.run.startedAt.getTime() - b.run.startedAt.getTime()),
  open: 0,
});
const named = () => ({ actorName: "acme/shop" });
const ABORT = { at: "100%", do: "abort" };
const policyOf = (...rules: readonly object[]) =>
  parsePolicy({
    version: 1,
    mode: "observe",
    rules: rules.map((rule, i) => ({ id: `r${i}`, steps: [ABORT], ...rule })),
  });
const moved = (runs: readonly Past[], ...rules: readonly object[]): Front => {
  const found = front(policyOf(...rules), "r0", historyOf(runs), named);
  if ("why" in found) throw new Error(found.why);
  return found;
};
const said = (rule: object): string => {
  const found = front(policyOf(rule), "r0", historyOf([past(0, 1)]), named);
  return "why" in found ? found.why : "";
};

const run = fc.record({
  start: fc.integer({ min: 0, max: 5_000 }),
  minutes: fc.oneof(fc.constantFrom(60, 120), fc.integer({ min: 1, max: 300 })),
  usd: fc.option(fc.double({ min: 0, max: 20, noNaN: true }), { freq: 8 }),
  status: fc.constantFrom("SUCCEEDED", "SUCCEEDED", "FAILED", "TIMED-OUT", "ABORTED"),
  origin: fc.constantFrom("SCHEDULER", "API", "STANDBY"),
  lives: fc.constantFrom(1, 1, 1, 2),
  known: fc.constantFrom("bare", "curve", "watched"),
  verdict: fc.constantFrom(undefined, undefined, "right", "wrong", "planned"),
});
type Made = typeof run extends fc.Arbitrary<infer T> ? T : never;

function pastOf({ start, minutes, usd, status, origin, lives, known, verdict }: Made, i: number): Past {
  const startedAt = new Date(START + start * MINUTE);
  const finishedAt = new Date(startedAt.getTime() + minutes * MINUTE);
  const curve = [0.2, 0.5, 0.7].map((share) => ({
    at: new Date(startedAt.getTime() + Math.floor(share * minutes * 60) * 1_000),
    microUsd: Math.round((usd ?? 0) * 1e6 * share ** 2),
  }));
  return {
    ...past(i, usd ?? undefined, { startedAt, finishedAt, status, origin, lives }),
    ...(known !== "bare" && usd !== null && { curve }),
    ...(known === "watched" && { watched: { from: startedAt } }),
    ...(verdict !== undefined && { verdict }),
  };
}

const STEPS = [
  [ABORT],
  [{ at: "80%", do: "notify" }, ABORT],
  [ABORT, { at: "150%", do: "abort-now" }],
  [
    { at: "50%", do: "abort" },
    { at: "100%", do: "abort-now" },
  ],
];

describe("the front of a rule", () => {
  it.each([
    ["cost", { usageTotalUsd: 5 }, (limit: number) => ({ usageTotalUsd: toUsd(limit) })],
    ["time", { runTime: "1h" }, (limit: number) => ({ runTime: `${limit}s` })],
  ] as const)("is at each limit on %s what a back-test of that rule alone finds", (_what, limit, written) => {
    fc.assert(
      fc.property(
        fc.array(run, { minLength: 1, maxLength: 25 }),
        fc.constantFrom(...STEPS),
        fc.constantFrom({}, { for: { origins: ["API"] } }, { for: { actors: ["acme/*"] } }),
        (made, steps, selector) => {
          const history = historyOf(made.map(pastOf));
          const found = moved(history.runs, { limit, steps, ...selector }, { limit: { usageTotalUsd: 1 } });
          expect(found.points.length).toBeGreaterThan(0);
          for (const point of found.points) {
            const alone = policyOf({ limit: written(point.limit), steps, ...selector });
            const { stops, savedMicroUsd, wrongStops } = backtest(alone, history, named);
            expect(point).toMatchObject({
              stops: stops.length,
              sure: stops.filter(({ sure }) => sure).length,
              wrong: wrongStops.count,
              unknown: stops.filter(({ costMicroUsd }) => costMicroUsd === undefined).length,
              savedMicroUsd,
            } satisfies Omit<FrontPoint, "limit">);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("goes from the limit that stops none to the one that leaves only the cheapest alone", () => {
    const runs = [1, 1.2, 3, 9].map((usd, i) => past(i, usd, { status: usd === 9 ? "FAILED" : "SUCCEEDED" }));
    const { points, runs: n, successes, written } = moved(runs, { limit: { usageTotalUsd: 5 } });
    expect([n, successes]).toEqual([4, 3]);
    expect(points.map(({ limit, stops, wrong }) => [toUsd(limit), stops, wrong])).toEqual([
      [9.01, 0, 0],
      [5, 1, 0],
      [3.01, 1, 0],
      [1.21, 2, 1],
      [1.01, 3, 2],
    ]);
    expect(written).toMatchObject({ limit: 5_000_000, wrong: 0, atMost95: 1 - 0.05 ** (1 / 3) });
    expect(points.some((point) => "atMost95" in point && point.limit !== written.limit)).toBe(false);
  });

  it("saves more and stops more the lower the limit, and has 200 points at most", () => {
    const runs = Array.from({ length: 3_000 }, (_, i) =>
      past(i, 1 + ((i * 7_919) % 2_999) / 10, { status: i % 9 === 0 ? "FAILED" : "SUCCEEDED" }),
    );
    const { points } = moved(runs, { limit: { usageTotalUsd: 42.42 } });
    expect(points.length).toBeLessThanOrEqual(200);
    expect(points.length).toBeGreaterThan(120);
    expect(points.at(-1)?.stops).toBe(2_998);
    expect(points.find(({ limit }) => limit === 42_420_000)).toBeDefined();
    for (const [i, { limit, stops, wrong, savedMicroUsd }] of points.entries()) {
      const next = points[i + 1];
      if (next === undefined) break;
      expect(next.limit).toBeLessThan(limit);
      expect(next.stops).toBeGreaterThanOrEqual(stops);
      expect(next.wrong).toBeGreaterThanOrEqual(wrong);
      expect(next.savedMicroUsd.to).toBeGreaterThanOrEqual(savedMicroUsd.to);
    }
  });

  it("leaves out limits far down where each run that they stop must be replayed, and there are too many", () => {
    const runs = Array.from({ length: 90 }, (_, i) => ({
      ...past(i, 1 + ((i * 7) % 89) / 10),
      watched: { from: new Date(START + i * 60 * MINUTE) },
    }));
    const found = front(policyOf({ limit: { usageTotalUsd: 9 } }), "r0", historyOf(runs), named, 300);
    const { points = [] } = "points" in found ? found : {};
    expect(points.length).toBeGreaterThan(15);
    expect(points.reduce((sum, { stops }) => sum + stops, 0)).toBeLessThan(320);
    expect(points.at(-1)?.stops).toBeGreaterThan(15);
  });

  it("is of a limit on cost or time that stops runs, and says so of others", () => {
    const found = front(policyOf({ limit: { usageTotalUsd: 1 } }), "none", historyOf([]), named);
    expect(found).toEqual({ why: "the policy has no such rule" });
    expect(said({ budget: { usd: 9, per: "day" } })).toMatch(/^it is a budget/);
    expect(said({ limit: { idleTime: "5m" } })).toMatch(/only usageTotalUsd and runTime can be moved/);
    expect(said({ limit: { usageTotalUsd: 5 }, steps: [{ at: "100%", do: "notify" }] })).toMatch(/no step/);
    expect(said({ limit: { usageTotalUsd: 5 }, schedule: { days: ["mon"], timeZone: "UTC" } })).toMatch(
      /hours/,
    );
  });
});
