import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../../src/policy/index.ts";
import { explainDecision } from "../../../src/watchdog/explain/explain-decision.ts";
import { mixedBudgetInputs } from "../../policy/arbitraries/budget-inputs.ts";
import { inputs } from "../../policy/arbitraries/inputs.ts";
import { at, control, HOUR, maxAborts, observation, policy, run, usd } from "../../support/builders.ts";
import { costing, explain } from "./explaining.ts";

describe("explainDecision()", () => {
  it("foresees the very stop that decide() takes, with its guard, whatever the policy and the runs", () => {
    fc.assert(
      fc.property(fc.oneof(inputs, mixedBudgetInputs), (input) => {
        const { decisions } = decide(input);
        for (const seen of input.observations) {
          const own = decisions.filter(({ subject }) => subject.runId === seen.run.id);
          const stop = own.find(({ action }) => action !== "notify");
          const { decision, notices, rules } = explainDecision(input, seen);
          expect(rules.map(({ ruleId }) => ruleId)).toEqual(input.policy.rules.map(({ id }) => id));
          if (own.length === 0) expect(decision.action).toBe("nothing");
          if (stop) {
            expect(decision).toMatchObject({ action: stop.action, ruleId: stop.ruleId, step: stop.step });
            expect(decision.guard).toBe(stop.guard);
          }
          const told = [decision, ...notices].filter(({ action }) => action === "notify");
          expect(told).toHaveLength(own.filter(({ action }) => action === "notify").length);
        }
      }),
    );
  });

  it("says that a stop is called, or that it is only observed", () => {
    expect(explain(costing(7)).decision).toMatchObject({ action: "abort", called: true });
    const observed = explain(costing(7), { policy: policy({ mode: "observe" }) });
    expect(observed.decision).toMatchObject({ action: "abort", called: false, guard: "observe" });
    expect(observed.decision.why).toContain(
      "cost $7.00 of $5.00 (no-run-over-5-usd); the rule is only observed",
    );
    expect(observed.rules[0]?.says).toContain("only observed");
  });

  it("names the exemption that holds, until when and by whom", () => {
    const exemption = {
      kind: "valid",
      subject: { kind: "run", id: "run1" },
      until: at(HOUR),
      ceilingMicroUsd: usd(20),
      owner: "ann",
      reason: "a backfill",
    } as const;
    const { decision, rules } = explain(costing(7), { control: control({ exemptions: [exemption] }) });
    expect(decision).toMatchObject({ action: "hold", guard: "exemption", called: false });
    expect(decision.why).toContain(
      "exempt: run run1 until 2026-11-24 13:00 UTC or $20.00, by ann: a backfill",
    );
    expect(rules[0]?.exempt).toMatchObject({ holds: true, ceilingUsd: 20 });
  });

  it("says that an exemption has come to its end, and that one that can't be read protects", () => {
    const subject = { kind: "run", id: "run1" } as const;
    const ended = { kind: "valid", subject, until: at(-1), owner: "ann", reason: "x" } as const;
    const over = explain(costing(7), { control: control({ exemptions: [ended] }) });
    expect(over.decision.action).toBe("abort");
    expect(over.rules[0]?.says).toContain("no longer exempt: run run1 until 2026-11-24 11:59 UTC");
    const broken = { kind: "malformed", subject, problem: "until is no date" } as const;
    const held = explain(costing(7), { control: control({ exemptions: [broken] }) });
    expect(held.decision.why).toContain("can't be read, so it protects (until is no date)");
  });

  it("says nothing of another run's exemption", () => {
    const subject = { kind: "run", id: "another" } as const;
    const theirs = { kind: "valid", subject, until: at(HOUR), owner: "ann", reason: "x" } as const;
    const { rules } = explain(costing(7), { control: control({ exemptions: [theirs] }) });
    expect(rules[0]?.exempt).toBeUndefined();
  });

  it("says by whom and since when the watchdog is paused", () => {
    const pause = { since: at(-HOUR), by: "bob", reason: "an incident" };
    const { decision } = explain(costing(7), { control: control({ pause }) });
    expect(decision.why).toContain("paused by bob since 2026-11-24 11:00 UTC: an incident");
  });

  it("counts dearer runs in: the one that finds no room in maxAborts is held", () => {
    const one = { policy: policy(maxAborts({ perTick: 1 })) };
    const [cheap, dear] = [costing(6), costing(60, "run2")];
    const { decision } = explain(cheap, one, [dear]);
    expect(decision).toMatchObject({ action: "hold", guard: "perTick" });
    expect(decision.why).toContain(
      "maxAborts.perTick allows were stopped in this tick (1); most expensive first",
    );
    expect(explain(dear, one, [cheap]).decision.action).toBe("abort");
  });

  it("tells of a run that nothing is done about what comes nearest", () => {
    const { decision, rules } = explain(costing(1));
    expect(decision).toMatchObject({ action: "nothing", called: false });
    expect(decision.why).toBe(
      "no step is reached, at $1.00; nearest is no-run-over-5-usd: stop at 100% ($5.00, in about 4h)",
    );
    expect(rules[0]).toMatchObject({ measured: 1, limit: 5, share: 0.2, unit: "USD", basis: "actual" });
    expect(rules[0]?.nextStep).toMatchObject({ at: 100, do: "abort", figure: 5, inSecs: 4 * HOUR });
  });

  it("tells that a run is being stopped already", () => {
    const open = control({ openRunIds: new Set(["run1"]) });
    const { decision, rules } = explain(observation({ run: run({ status: "ABORTING" }) }), { control: open });
    expect(decision.why).toBe("it is being stopped already");
    // While it drains it is judged as before, so that one sees what condemned it.
    expect(rules[0]?.applies).toBe("yes");
  });
});
