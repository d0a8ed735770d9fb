import { describe, expect, it } from "vitest";
import { nearest } from "../../../src/policy/values/nearest.ts";

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

  it.each([
    ["sud", "usd"],
    ["abrot", "abort"],
    ["baort", "abort"],
    ["aborts", "abort"],
    ["abot", "abort"],
    ["abxrt", "abort"],
    ["ntfy", "notify"],
    ["onitfy", "notify"],
    ["NOTIFY", "notify"],
  ])(
    "takes %j for %j: one change of a short word, a third of a longer one; a swap is one change",
    (written, meant) => {
      expect(nearest(written, ["usd", "abort", "notify"])).toBe(meant);
    },
  );

  it.each(["usxy", "dsu", "abxyt", "obart", "barot", "xxort", "nty", "ontixz", "notifyabc", "tonify1"])(
    "does not take %j for any of them",
    (written) => {
      expect(nearest(written, ["usd", "abort", "notify"])).toBeUndefined();
    },
  );

  it("takes the nearest of several", () => {
    expect(nearest("usage", ["usages12", "usagex", "image"])).toBe("usagex");
  });

  it.each(["budget", "x", ""])("has no guess for %j", (written) => {
    expect(nearest(written, limits)).toBeUndefined();
  });

  it("has no guess among no candidates", () => {
    expect(nearest("runTime", [])).toBeUndefined();
  });
});
