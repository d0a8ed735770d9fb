import { describe, expect, it } from "vitest";
import { describeChange } from "../../../src/watchdog/policies/policy-diff.ts";
import { diffByMeaning, isSameMeaning } from "../../../src/watchdog/policies/policy-meaning.ts";

const cost = { id: "cost", limit: { "stats.netRxBytes": "20 GB" }, steps: [{ at: "100%", do: "abort" }] };
const time = {
  id: "time",
  for: { origins: ["API", "WEB"] },
  limit: { runTime: "6h" },
  steps: [{ at: "100%", do: "abort" }],
};
const policy = (overrides: object = {}) => ({ version: 1, rules: [cost, time], ...overrides });
const lines = (before: unknown, after: unknown) => diffByMeaning(before, after).map(describeChange);

describe("diffByMeaning()", () => {
  it.each([
    ["another unit", { rules: [cost, { ...time, limit: { runTime: "360m" } }] }],
    ["a default written out", { mode: "observe", timeZone: "UTC", guards: { loop: { stops: 3 } } }],
    ["alternatives in another order", { rules: [cost, { ...time, for: { origins: ["WEB", "API"] } }] }],
  ])("finds none in %s", (_what, overrides) => {
    expect(lines(policy(), policy(overrides))).toEqual([]);
    expect(isSameMeaning(policy(), policy(overrides))).toBe(true);
  });

  it("leaves out what is only written differently beside what is not", () => {
    const after = policy({
      mode: "enforce",
      timeZone: "UTC",
      rules: [
        { ...cost, limit: { "stats.netRxBytes": "10 GB" } },
        { ...time, limit: { runTime: "360m" } },
      ],
    });
    expect(lines(policy(), after)).toEqual([
      "~ mode: observe (the default) → enforce",
      "~ cost  limit.stats.netRxBytes: 20 GB → 10 GB",
    ]);
  });

  it("keeps what matters only by its order: rules and steps", () => {
    expect(lines(policy(), policy({ rules: [time, cost] }))).toEqual([
      "~ order of rules: cost, time → time, cost",
    ]);
  });

  it("compares as written what can't be used", () => {
    const broken = policy({ rules: [{ ...cost, limit: { runTime: "6 parsecs" } }] });
    expect(lines(broken, policy()).length).toBeGreaterThan(0);
    expect(isSameMeaning(broken, policy())).toBe(false);
    expect(isSameMeaning(broken, broken)).toBe(true);
  });
});
