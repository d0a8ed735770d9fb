import { describe, expect, it } from "vitest";
import { type ControlView, type Policy, stopFor } from "../../../../src/policy/index.ts";
import {
  control,
  exemption,
  HOUR,
  NOON,
  observation,
  policy,
  rule,
  run,
  step,
  usd,
} from "../../../support/builders.ts";
import { costing, runTimeRule } from "./deciding.ts";

describe("stopFor()", () => {
  const dear = costing("r", 20);
  const stop = (of: Policy, view: Partial<ControlView> = {}) => stopFor(of, dear, control(view), NOON);
  const now = { steps: [step(100, "abort-now")] };

  it("takes the strongest action", () => {
    const of = policy({ rules: [rule({ id: "a" }), rule({ id: "b", ...now }), rule({ id: "c" })] });
    expect(stop(of)).toMatchObject({ rule: { id: "b" }, step: { do: "abort-now" } });
  });

  it("takes the first rule of equals", () => {
    expect(stop(policy({ rules: [rule({ id: "a" }), rule({ id: "b" })] }))?.rule.id).toBe("a");
  });

  it("names the other rules that breach, in order, with their evidence", () => {
    const of = policy({
      rules: [
        rule({ id: "a" }),
        rule({ id: "b", ...now }),
        runTimeRule,
        rule({ id: "n", steps: [step(1, "notify")] }),
      ],
    });
    expect(stop(of)?.also).toMatchObject([
      { ruleId: "a", step: step(100, "abort"), evidence: { metric: "usageTotalUsd", measured: usd(20) } },
      { ruleId: "time", step: step(100, "abort"), evidence: { metric: "runTime", measured: HOUR } },
    ]);
  });

  it("takes an enforced abort over an observed abort-now", () => {
    const of = policy({ rules: [rule({ id: "seen", mode: "observe", ...now }), rule({ id: "kept" })] });
    expect(stop(of)).toMatchObject({ rule: { id: "kept" }, mode: "enforce" });
  });

  it("takes the first of several enforced ones over an observed abort-now that comes later", () => {
    const of = policy({
      rules: [rule({ id: "kept" }), rule({ id: "seen", mode: "observe", ...now }), rule({ id: "also" })],
    });
    expect(stop(of)).toMatchObject({ rule: { id: "kept" }, mode: "enforce" });
  });

  it("takes what may act over what an exemption holds", () => {
    const of = policy({ rules: [rule({ id: "spared", ...now }), rule({ id: "kept" })] });
    const chosen = stop(of, { exemptions: [exemption({ subject: { kind: "rule", id: "spared" } })] });
    expect(chosen?.rule.id).toBe("kept");
    expect(chosen).not.toHaveProperty("guard");
    expect(chosen?.also.map(({ ruleId }) => ruleId)).toEqual(["spared"]);
  });

  it("holds where every rule that breaches is exempt", () => {
    const of = policy({ rules: [rule({ id: "a" }), rule({ id: "b" })] });
    const exemptions = [
      exemption({ subject: { kind: "rule", id: "a" } }),
      exemption({ subject: { kind: "rule", id: "b" } }),
    ];
    expect(stop(of, { exemptions })).toMatchObject({ rule: { id: "a" }, guard: "exemption" });
  });

  it("finds none where only notices are reached", () => {
    expect(stop(policy({ rules: [rule({ steps: [step(50, "notify")] })] }))).toBeUndefined();
  });

  it("judges a run under an intent as if it still ran, and a run that has ended not at all", () => {
    const seen = (status: string) => observation({ run: run({ status, usageTotalMicroUsd: usd(9) }) });
    const under = (status: string) => stopFor(policy(), seen(status), control(), NOON, { underIntent: true });
    expect(under("ABORTING")).toMatchObject({ rule: { id: "no-run-over-5-usd" } });
    expect(stopFor(policy(), seen("ABORTING"), control(), NOON)).toBeUndefined();
    expect(under("ABORTED")).toBeUndefined();
  });
});
