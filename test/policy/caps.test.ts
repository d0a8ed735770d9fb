import { describe, expect, it } from "vitest";
import { documentFromCaps, parsePolicy } from "../../src/policy/index.ts";

const compile = (...args: Parameters<typeof documentFromCaps>) => parsePolicy(documentFromCaps(...args));

describe("documentFromCaps()", () => {
  it("compiles both caps to the language that people write", () => {
    const steps = [
      { at: "80%", do: "notify" },
      { at: "100%", do: "abort" },
    ];
    const written = parsePolicy({
      version: 1,
      mode: "enforce",
      rules: [
        { id: "max-usd-per-run", limit: { usageTotalUsd: 5 }, steps },
        { id: "max-run-time", limit: { runTime: "6h" }, steps },
      ],
    });
    expect(compile({ maxUsdPerRun: 5, maxRunTime: "6h" }, "enforce")).toEqual(written);
  });

  it("makes one rule of one cap", () => {
    expect(compile({ maxRunTime: "6h" }, "observe").rules.map(({ id }) => id)).toEqual(["max-run-time"]);
    expect(compile({ maxUsdPerRun: "$0.50" }, "observe").rules.map(({ id }) => id)).toEqual([
      "max-usd-per-run",
    ]);
  });

  it.each([
    [
      { maxUsdPerRun: 0 },
      "rules[0].limit.usageTotalUsd: got 0, wanted an amount in USD above 0, such as 5 or 0.25",
    ],
    [
      { maxUsdPerRun: -1 },
      "rules[0].limit.usageTotalUsd: got -1, wanted an amount in USD above 0, such as 5 or 0.25",
    ],
    [
      { maxUsdPerRun: "five" },
      'rules[0].limit.usageTotalUsd: got "five", wanted an amount in USD above 0, such as 5 or 0.25',
    ],
    [
      { maxRunTime: "6" },
      'rules[0].limit.runTime: got "6", wanted a duration above 0 such as 90s, 6h or 1d12h',
    ],
    [
      { maxUsdPerRun: 5, maxRunTime: "" },
      'rules[1].limit.runTime: got "", wanted a duration above 0 such as 90s, 6h or 1d12h',
    ],
    [{}, "rules: got [], wanted a list of rules with at least one in it"],
  ])("refuses %j", (caps, message) => {
    expect(() => compile(caps, "enforce")).toThrow(message);
  });
});
