import { describe, expect, it } from "vitest";
import type { PolicyError } from "../../src/policy/index.ts";
import { checkSpent, parseCases } from "../../src/policy-test/index.ts";
import { decided, FIVE_USD, play, policyOf, STOP, type Written } from "./playing.ts";

describe("what was spent", () => {
  const BUDGET = policyOf(
    { budget: { usd: 50, per: "day" }, steps: [{ at: "80%", do: "notify" }, ...STOP] },
    { budget: { usd: 10, per: "month", each: "actor" }, for: { except: { actors: ["acme/free"] } } },
  );
  const given = (spent: Written, run: Written = {}) => decided(BUDGET, run, { spent });

  it("is judged by each budget's own figure, however little the run has cost", () => {
    expect(given({ "rule-1": 50 })).toMatchObject({ do: "abort", rule: "rule-1", at: 100, called: true });
    expect(given({ "rule-1": 49.99, "rule-2": 9.99 }, { actor: "acme/a" })?.do).toBe("nothing");
    expect(given({ "rule-1": 1, "rule-2": 10 }, { actor: "acme/a" })).toMatchObject({
      do: "abort",
      rule: "rule-2",
    });
  });

  it("is what the runs of the case have cost where nobody says", () => {
    const runs = [
      { id: "a", actor: "acme/a", usageTotalUsd: 6 },
      { id: "b", actor: "acme/b", usageTotalUsd: 44 },
    ];
    const { runs: outcomes } = play(BUDGET, { runs, expect: { a: "nothing", b: "nothing" } });
    expect(outcomes.map(({ got }) => got.rule)).toEqual(["rule-1", "rule-1"]);
    expect(given({}, { usageTotalUsd: 9 })?.do).toBe("nothing");
  });

  it("is of each group that a run of the case is in, and of none that it is not", () => {
    const runs = [
      { id: "free", actor: "acme/free" },
      { id: "one", actor: "acme/one", usageTotalUsd: 1 },
      { id: "same", actor: "acme/one", usageTotalUsd: 1 },
      { id: "other", actor: "acme/other" },
    ];
    const expected = { free: "nothing", one: "nothing", same: "nothing", other: "nothing" };
    const { runs: outcomes } = play(BUDGET, { runs, expect: expected, spent: { "rule-1": 0, "rule-2": 10 } });
    expect(outcomes.map(({ got }) => got.do)).toEqual(["nothing", "abort", "abort", "abort"]);
    expect(outcomes[1]?.rules[1]?.says).toContain("spent $10.00 of $10.00 a month for Actor acme/one");
  });

  it("may be expected to be told, though that is not about the run", () => {
    const told = (expect: unknown) => play(BUDGET, { run: {}, expect, spent: { "rule-1": 40 } });
    expect(told({ do: "notify", rule: "rule-1", at: "80%", called: false }).passed).toBe(true);
    expect(told("nothing").passed).toBe(true);
    expect(told({ do: "notify", rule: "rule-2" }).passed).toBe(false);
  });

  it("knows Apify's usage cycle, and what was at a step a minute ago", () => {
    const steps = [{ at: "100%", basis: "projected", do: "abort" }];
    const cycle = policyOf({ budget: { usd: 100, per: "cycle" }, steps });
    const spent = { "rule-1": 90 };
    expect(decided(cycle, {}, { spent })).toMatchObject({ do: "abort", at: 100 });
    expect(decided(cycle, { looks: "first" }, { spent })?.do).toBe("nothing");
  });

  it("must be of a budget that the policy has", () => {
    const wanting = (id: string): string => {
      const file = parseCases({ cases: [{ name: "a", run: {}, expect: "nothing", spent: { [id]: 1 } }] });
      try {
        checkSpent(BUDGET, file);
        return "none";
      } catch (error) {
        return (error as PolicyError).message;
      }
    };
    expect(wanting("rule-1")).toBe("none");
    expect(wanting("rule-3")).toContain('cases[0].spent.rule-3: got "rule-3"');
    expect(wanting("rule-3")).toContain("wanted the id of a budget's rule: rule-1, rule-2");
    const limit = parseCases({ cases: [{ name: "a", run: {}, expect: "nothing", spent: { "rule-1": 1 } }] });
    expect(() => checkSpent(FIVE_USD, limit)).toThrow(
      'got "rule-1", a rule with a limit, wanted a policy with a budget',
    );
  });
});
