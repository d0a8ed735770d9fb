import { describe, expect, it } from "vitest";
import type { Past, Quantity } from "../../../../src/watchdog/learn/past.ts";
import {
  roundUp,
  type Suggested,
  suggestLimit,
} from "../../../../src/watchdog/learn/suggest/suggest-limit.ts";
import { past, steady } from "../past-runs.ts";

function suggested(runs: readonly Past[], quantity: Quantity = "usd"): Suggested {
  const found = suggestLimit(runs, quantity);
  if (found.kind === "suggested") return found;
  throw new Error(found.why);
}
const refusal = (runs: readonly Past[], quantity: Quantity = "usd"): string => {
  const found = suggestLimit(runs, quantity);
  return found.kind === "refused" ? found.why : `suggested ${found.limit}`;
};

describe("suggestLimit()", () => {
  it("takes twice the most expensive run from 22 successes on, and half as much again from 299 on", () => {
    expect(suggested(steady(22))).toMatchObject({ limit: 4_000_000, factor: 2, n: 22, stopped: 0 });
    expect(suggested(steady(298))).toMatchObject({ limit: 4_000_000, factor: 2 });
    expect(suggested(steady(299))).toMatchObject({ limit: 3_000_000, factor: 1.5, most: 2_000_000 });
  });

  it("says how often it would be wrong", () => {
    const { expected, atMost95 } = suggested(steady(99));
    expect(expected).toBe(1 / 100);
    expect(atMost95).toBeCloseTo(1 - 0.05 ** (1 / 99), 12);
  });

  it("is silent below 22 successes", () => {
    expect(refusal(steady(21))).toBe("too few runs to compare: 21 that succeeded, and 22 are the fewest");
    expect(refusal([])).toMatch(/^too few runs to compare: 0 that succeeded/);
  });

  it("counts a run that was stopped as one that passed it, and never goes below what it had come to", () => {
    const stop = past(500, 9, { stopped: true });
    const { limit, expected, atMost95, most } = suggested([...steady(100), stop]);
    expect([limit, most]).toEqual([18_000_000, 9_000_000]);
    expect(expected).toBe(2 / 102);
    expect(atMost95).toBeCloseTo(0.0461, 4);
  });

  it("counts one that was stopped before it told a cost", () => {
    expect(suggested([...steady(100), past(500, undefined, { stopped: true })])).toMatchObject({
      stopped: 1,
      expected: 2 / 102,
      most: 2_000_000,
    });
  });

  it("refuses where too many were stopped", () => {
    const stops = Array.from({ length: 20 }, (_, i) => past(500 + i, 1, { stopped: true }));
    expect(refusal([...steady(100), ...stops])).toMatch(
      /^too many of them were stopped: 100 that succeeded and 20 that were stopped, so up to 23 %/,
    );
  });

  it("refuses where costs grow, and says so", () => {
    const growing = Array.from({ length: 100 }, (_, i) => past(i, 1 + i / 10));
    expect(refusal(growing)).toMatch(/^this drifts: 78 runs passed all that ran before them, 95 % or more/);
    expect(suggested(growing.toReversed()).selfCheck).toMatchObject({ passed: true, exceeded: 0 });
  });

  it("leaves out what failed, what never ends and what is not known, and says how many it does not know", () => {
    const failed = past(600, 50, { status: "FAILED" });
    const standby = past(601, 60, { origin: "STANDBY" });
    expect(suggested([...steady(100), failed, standby, past(602, undefined)])).toMatchObject({
      n: 100,
      unknown: 1,
      most: 2_000_000,
    });
    expect(refusal(Array.from({ length: 50 }, (_, i) => past(i, undefined)))).toMatch(
      /0 that succeeded, and 22 are the fewest; of 50 more the figure is not known$/,
    );
  });

  it("makes no limit of runs that cost nothing", () => {
    expect(refusal(Array.from({ length: 50 }, (_, i) => past(i, 0)))).toMatch(
      /^all 50 that succeeded came to 0/,
    );
  });

  it("takes times from start to end, of runs with one life", () => {
    const resurrected = past(600, 1, { lives: 2, finishedAt: new Date(Date.UTC(2027, 0, 1)) });
    expect(suggested([...steady(30), resurrected], "runTime")).toMatchObject({
      limit: 7_200,
      most: 3_600,
      n: 30,
      unknown: 1,
    });
  });
});

describe("roundUp()", () => {
  it.each([
    ["usd", 1, 1],
    ["usd", 99, 99],
    ["usd", 12_341, 13_000],
    ["usd", 999_999, 1_000_000],
    ["usd", 2_345_678, 2_350_000],
    ["runTime", 0.4, 1],
    ["runTime", 3_599.2, 3_600],
    ["runTime", 3_601, 3_660],
  ] as const)("of %s %d is %d", (quantity, figure, rounded) =>
    expect(roundUp(figure, quantity)).toBe(rounded),
  );
});
