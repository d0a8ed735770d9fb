import { describe, expect, it } from "vitest";
import { describeChange, diffPolicies, isSameDocument } from "../../../src/watchdog/policies/policy-diff.ts";

const cost = { id: "cost", limit: { usageTotalUsd: 5 }, steps: [{ at: "100%", do: "abort" }] };
const time = { id: "time", limit: { runTime: "6h" }, steps: [{ at: "100%", do: "abort" }] };
const policy = (overrides: object = {}) => ({
  version: 1,
  mode: "observe",
  rules: [cost, time],
  ...overrides,
});
const lines = (before: unknown, after: unknown) => diffPolicies(before, after).map(describeChange);

describe("diffPolicies()", () => {
  it("finds nothing between the same, in whatever order its keys are written", () => {
    const { rules, mode, version } = policy();
    expect(lines(policy(), { rules, mode, version })).toEqual([]);
  });

  it.each<[string, object, readonly string[]]>([
    [
      "a limit, old and new",
      { rules: [{ ...cost, limit: { usageTotalUsd: 2 } }, time] },
      ["~ cost  limit.usageTotalUsd: 5 → 2"],
    ],
    [
      "a limit of another kind",
      { rules: [{ ...cost, limit: { runTime: "1h" } }, time] },
      ["~ cost  limit.usageTotalUsd: 5 → (none)", "~ cost  limit.runTime: (none) → 1h"],
    ],
    [
      "steps as a whole",
      { rules: [{ ...cost, steps: [{ at: "80%", do: "notify" }, ...cost.steps] }, time] },
      ["~ cost  steps: 100% abort → 80% notify, 100% abort"],
    ],
    [
      "whom a rule is for, however deep",
      { rules: [{ ...cost, for: { except: { actors: ["acme/a", "acme/b"] } } }, time] },
      ["~ cost  for.except.actors: (none) → acme/a, acme/b"],
    ],
    ["the mode", { mode: "enforce" }, ["~ mode: observe → enforce"]],
    [
      "a guard",
      { guards: { maxAborts: { perTick: 3 } } },
      ["~ guards.maxAborts.perTick: 10 (the default) → 3"],
    ],
    [
      "the default as what it is, also where the same was written",
      { guards: { maxAborts: { perHour: 30 } }, escalation: { forceAfter: "5m" } },
      ["~ guards.maxAborts.perHour: 30 (the default) → 30", "~ escalation.forceAfter: 1m (the default) → 5m"],
    ],
    [
      "how old what is known of budgets may be",
      { guards: { staleAfter: "20m" } },
      ["~ guards.staleAfter: 10m (the default) → 20m"],
    ],
    [
      "what a step rests on",
      { rules: [{ ...cost, steps: [{ at: "100%", do: "abort", basis: "estimate" }] }, time] },
      ["~ cost  steps: 100% abort → 100% abort (estimate)"],
    ],
    [
      "a budget in a limit's place",
      { rules: [{ id: "cost", budget: { usd: 300, per: "month" }, steps: cost.steps }, time] },
      [
        "~ cost  limit.usageTotalUsd: 5 → (none)",
        "~ cost  budget.usd: (none) → 300",
        "~ cost  budget.per: (none) → month",
      ],
    ],
    ["a rule that is gone", { rules: [cost] }, ["- time  limit.runTime: 6h; steps: 100% abort"]],
    [
      "a rule that is new",
      { rules: [cost, time, { ...cost, id: "more", mode: "enforce" }] },
      ["+ more  limit.usageTotalUsd: 5; steps: 100% abort; mode: enforce"],
    ],
    ["another order", { rules: [time, cost] }, ["~ order of rules: cost, time → time, cost"]],
  ])("tells %s", (_what, after, expected) => {
    expect(lines(policy(), policy(after))).toEqual(expected);
  });

  it("tells no other order where a rule came in between", () => {
    expect(lines(policy(), policy({ rules: [cost, { ...cost, id: "x" }, time] }))).toHaveLength(1);
  });

  it("has nothing but new rules where nothing was before", () => {
    expect(diffPolicies(undefined, policy()).map(({ kind }) => kind)).toEqual(["added", "added"]);
  });

  it("compares with a document that can't be used as far as it goes", () => {
    for (const broken of [null, [], "text", { rules: "none" }, { rules: [null, { id: 7 }] }]) {
      expect(lines(broken, policy({ rules: [cost] })).at(-1)).toMatch(/^\+ cost/);
    }
  });
});

describe("isSameDocument()", () => {
  it("goes by what JSON means", () => {
    expect(isSameDocument({ a: 1, b: [1.0] }, { b: [1], a: 1 })).toBe(true);
    expect(isSameDocument({ a: 1 }, { a: "1" })).toBe(false);
    expect(isSameDocument(undefined, {})).toBe(false);
  });
});
