import { describe, expect, it } from "vitest";
import { nearest } from "../../src/policy/nearest.ts";

describe("nearest()", () => {
  const limits = ["usageTotalUsd", "runTime", "queueTime"];

  it.each([
    ["usageTotalUSD", "usageTotalUsd"],
    ["usagetotal", "usageTotalUsd"],
    ["runtim", "runTime"],
    ["queuTime", "queueTime"],
  ])("takes %j for a slip of %j", (written, meant) => {
    expect(nearest(written, limits)).toBe(meant);
  });

  it.each(["budget", "x", ""])("has no guess for %j", (written) => {
    expect(nearest(written, limits)).toBeUndefined();
  });

  it("has no guess among no candidates", () => {
    expect(nearest("runTime", [])).toBeUndefined();
  });
});
