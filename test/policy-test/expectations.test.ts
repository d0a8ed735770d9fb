import { describe, expect, it } from "vitest";
import { FIVE_USD, play, policyOf } from "./playing.ts";

describe("an expectation", () => {
  const OBSERVED = policyOf({ mode: "observe", limit: { usageTotalUsd: 5 } });
  const over = { usageTotalUsd: 7 };
  const failing = (expected: unknown, policy = FIVE_USD) =>
    play(policy, { run: over, expect: expected }).runs[0]?.differences;

  it("compares what it says and nothing else", () => {
    expect(failing("abort")).toEqual([]);
    expect(failing({ do: "abort", rule: "rule-1", at: "100%", called: true })).toEqual([]);
    expect(failing("abort", OBSERVED)).toEqual([]);
    expect(failing({ do: "abort", guard: "observe", called: false }, OBSERVED)).toEqual([]);
  });

  it("tells each thing that is otherwise: what was expected, what came", () => {
    expect(failing({ do: "hold", at: "80%", guard: "pause", called: false })).toEqual([
      { key: "do", expected: "hold", got: "abort" },
      { key: "at", expected: "80%", got: "100%" },
      { key: "guard", expected: "pause", got: "none" },
      { key: "called", expected: "false", got: "true" },
    ]);
  });

  it("guesses the rule that was meant", () => {
    expect(failing({ do: "abort", rule: "rule1" })).toMatchObject([
      { key: "rule", hint: "the policy has no rule rule1; did you mean rule-1?" },
    ]);
  });

  it("is met by any of several notices", () => {
    const notice = { steps: [{ at: "100%", do: "notify" }], limit: { usageTotalUsd: 5 } };
    const policy = policyOf(notice, notice);
    for (const rule of ["rule-1", "rule-2"]) expect(failing({ do: "notify", rule }, policy)).toEqual([]);
  });

  it("comes with what every rule says", () => {
    const [outcome] = play(FIVE_USD, { run: over, expect: "nothing" }).runs;
    expect(outcome?.rules).toMatchObject([{ ruleId: "rule-1", says: "reached 100%: abort" }]);
    expect(outcome?.why).toContain("cost $7.00 of $5.00 (rule-1)");
  });
});
