import { describe, expect, it } from "vitest";
import { CAP_NAMES, capAt, capId, documentFromCaps, parsePolicy } from "../../../src/policy/index.ts";

const compile = (...args: Parameters<typeof documentFromCaps>) => parsePolicy(documentFromCaps(...args));

describe("documentFromCaps()", () => {
  it("compiles all caps to the language that people write", () => {
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
        { id: "max-usd-per-day", budget: { usd: 50, per: "day", each: "account" }, steps },
        { id: "max-usd-per-month", budget: { usd: 300, per: "month", each: "account" }, steps },
      ],
    });
    const caps = { maxUsdPerMonth: 300, maxUsdPerDay: "$50", maxRunTime: "6h", maxUsdPerRun: 5 };
    expect(compile(caps, "enforce")).toEqual(written);
  });

  it("makes one rule of one cap", () => {
    expect(compile({ maxRunTime: "6h" }, "observe").rules.map(({ id }) => id)).toEqual(["max-run-time"]);
    expect(compile({ maxUsdPerRun: "$0.50" }, "observe").rules.map(({ id }) => id)).toEqual([
      "max-usd-per-run",
    ]);
    expect(compile({ maxUsdPerDay: 5 }, "observe").rules.map(({ id }) => id)).toEqual(["max-usd-per-day"]);
  });

  it.each([
    [
      { maxUsdPerRun: 0 },
      "rules[0].limit.usageTotalUsd: got 0, wanted an amount in USD above 0, for example 5 or 0.25",
    ],
    [
      { maxUsdPerRun: -1 },
      "rules[0].limit.usageTotalUsd: got -1, wanted an amount in USD above 0, for example 5 or 0.25",
    ],
    [
      { maxUsdPerRun: "five" },
      'rules[0].limit.usageTotalUsd: got "five", wanted an amount in USD above 0, for example 5 or 0.25',
    ],
    [
      { maxRunTime: "6" },
      'rules[0].limit.runTime: got "6", wanted a duration above 0, for example 90s, 6h or 1d12h',
    ],
    [
      { maxUsdPerRun: 5, maxRunTime: "" },
      'rules[1].limit.runTime: got "", wanted a duration above 0, for example 90s, 6h or 1d12h',
    ],
    [
      { maxUsdPerDay: 0 },
      "rules[0].budget.usd: got 0, wanted an amount in USD above 0, for example 5 or 0.25",
    ],
    [{}, "rules: got [], wanted a list of rules with at least one in it"],
  ])("refuses %j", (caps, message) => {
    expect(() => compile(caps, "enforce")).toThrow(message);
  });
});

describe("capAt()", () => {
  it("finds the cap that a problem's place stands for, whichever others there are", () => {
    const caps = { maxRunTime: "6h", maxUsdPerMonth: "lots" };
    expect(capAt(caps, ["rules", 1, "budget", "usd"])).toBe("maxUsdPerMonth");
    expect(capAt(caps, ["rules", 0, "limit", "runTime"])).toBe("maxRunTime");
    expect(capAt(caps, ["mode"])).toBeUndefined();
    expect(capAt(caps, ["owner", 0])).toBeUndefined();
  });
});

describe("capId()", () => {
  it("is the id of the cap's rule", () => {
    for (const name of CAP_NAMES) {
      const [rule] = compile({ [name]: name === "maxRunTime" ? "6h" : 5 }, "observe").rules;
      expect(capId(name)).toBe(rule?.id);
    }
  });
});
