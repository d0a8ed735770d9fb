import { describe, expect, it } from "vitest";
import { binomialAtMost, lowerEnd, upperEnd } from "../../../src/watchdog/learn/binomial.ts";

/** P(X <= k) of n trials with p = a/b, in whole numbers: exact. */
function exactly(k: number, n: number, a: bigint, b: bigint): number {
  let [sum, choose] = [0n, 1n];
  for (let i = 0n; i <= BigInt(k); i++) {
    sum += choose * a ** i * (b - a) ** (BigInt(n) - i);
    choose = (choose * (BigInt(n) - i)) / (i + 1n);
  }
  const digits = 10n ** 18n;
  return Number((sum * digits) / b ** BigInt(n)) / 1e18;
}

describe("the binomial tail", () => {
  it("is what whole numbers make of it", () => {
    for (const n of [1, 2, 7, 22, 60, 299])
      for (const k of [0, 1, 3, 11, 58, 150, 298].filter((each) => each < n))
        for (const a of [1n, 10n, 128n, 500n, 970n])
          expect(binomialAtMost(k, n)(Number(a) / 1000), `${k} of ${n} at ${a}/1000`).toBeCloseTo(
            exactly(k, n, a, 1000n),
            12,
          );
  });

  it("knows what can't be otherwise", () => {
    expect(binomialAtMost(-1, 5)(0.5)).toBe(0);
    expect(binomialAtMost(5, 5)(0.5)).toBe(1);
    expect([0, 1].map(binomialAtMost(2, 5))).toEqual([1, 0]);
  });
});

describe("the ends of Clopper and Pearson", () => {
  it.each([
    // 0 of n: 1 - 0.05^(1/n), the rule of three made exact.
    [0, 21, 0.13295],
    [0, 22, 0.1273],
    [0, 299, 0.00997],
    [1, 100, 0.04656],
    [10, 100, 0.1637],
    [5, 10, 0.77756],
  ])("is above %i of %i: %d", (k, n, end) => expect(upperEnd(k, n)).toBeCloseTo(end, 4));

  it.each([
    [1, 100, 0.000253],
    [5, 100, 0.01643],
    [10, 10, 0.6915],
  ])("is below %i of %i, two-sided: %d", (k, n, end) => expect(lowerEnd(k, n, 0.975)).toBeCloseTo(end, 5));

  it("says nothing of nothing", () => {
    expect(upperEnd(0, 0)).toBe(1);
    expect(upperEnd(3, 3)).toBe(1);
    expect(lowerEnd(0, 50)).toBe(0);
  });

  it("is where the tail has the confidence that is left, for long histories too", () => {
    for (const [k, n] of [
      [3, 10_000],
      [700, 100_000],
    ] as const) {
      expect(binomialAtMost(k, n)(upperEnd(k, n))).toBeCloseTo(0.05, 8);
      expect(1 - binomialAtMost(k - 1, n)(lowerEnd(k, n))).toBeCloseTo(0.05, 8);
    }
  });
});
