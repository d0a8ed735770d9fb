import { describe, expect, it } from "vitest";
import { GRACE_SECS } from "../../../src/policy/index.ts";
import { overshootBound, REACTION_SECS } from "../../../src/watchdog/audit/overshoot-bound.ts";
import { observation, usd } from "../../support/builders.ts";

const burning = (now?: number, peak?: number) =>
  observation({
    ...(now !== undefined && { burnMicroUsdPerHour: now }),
    ...(peak !== undefined && { peakBurnMicroUsdPerHour: peak }),
  });

describe("overshootBound()", () => {
  it("is what the run burns until the next tick finds it and its grace is over", () => {
    expect(REACTION_SECS + GRACE_SECS).toBe(90);
    expect(overshootBound(burning(usd(40)))).toEqual({ burnUsdPerHour: 40, overshootBoundUsd: 1 });
  });

  it("takes the fastest rate that the run was seen at", () => {
    expect(overshootBound(burning(usd(4), usd(80)))).toEqual({ burnUsdPerHour: 80, overshootBoundUsd: 2 });
    expect(overshootBound(burning(usd(80), usd(4)))).toEqual({ burnUsdPerHour: 80, overshootBoundUsd: 2 });
    expect(overshootBound(burning(undefined, usd(40)))).toEqual({ burnUsdPerHour: 40, overshootBoundUsd: 1 });
  });

  it("is rounded up, for it is a bound, and is in whole micro-dollars", () => {
    expect(overshootBound(burning(1))).toEqual({ burnUsdPerHour: 0.000001, overshootBoundUsd: 0.000001 });
    expect(overshootBound(burning(41.4))).toMatchObject({
      burnUsdPerHour: 0.000041,
      overshootBoundUsd: 0.000002,
    });
  });

  it("is not told of a run whose rate nobody knows, or that burns nothing", () => {
    for (const seen of [burning(), burning(0, 0), burning(Number.NaN), burning(1, Number.POSITIVE_INFINITY)])
      expect(overshootBound(seen)).toEqual({});
  });
});
