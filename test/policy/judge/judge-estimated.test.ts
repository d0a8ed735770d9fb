import { describe, expect, it } from "vitest";
import type { Observation, Step } from "../../../src/policy/index.ts";
import { judge } from "../../../src/policy/judge/judge.ts";

import { NOON, observation, rule, run, step, usd } from "../../support/builders.ts";
import { costing } from "./judging.ts";

describe("judge() by estimate", () => {
  const estimate = (share: number, action: Step["do"]): Step => ({
    at: share,
    do: action,
    basis: "estimate",
  });
  const both = rule({ steps: [step(100, "abort"), estimate(100, "notify"), estimate(200, "abort-now")] });
  /** Apify tells the one, the charged events come to the other. */
  const told = (
    actual: number | undefined,
    events: number,
    ownActor: boolean | undefined = false,
  ): Observation => {
    const { usageTotalMicroUsd: _cost, ...unknown } = run();
    const detail = { stats: {}, events: { result: events }, eventMicroUsd: { result: usd(1) } };
    const known = actual === undefined ? {} : { usageTotalMicroUsd: usd(actual) };
    return observation({ run: { ...unknown, ...known, detail }, source: "detail", ownActor });
  };
  const basis = (of: Observation) => {
    const verdict = judge(both, of, NOON);
    if (verdict.kind !== "breach") return verdict.kind;
    const { stop, notice, untold } = verdict;
    const said = (each: typeof stop) => each && [each.step.at, each.evidence.basis, each.evidence.measured];
    return { stop: said(stop), notice: said(notice), untold: untold?.metric };
  };

  it("reaches its own steps alone, and leaves the others to what Apify says", () => {
    expect(basis(told(1, 4))).toBe("within");
    expect(basis(told(1, 5))).toEqual({ notice: [100, "estimate", usd(5)] });
    expect(basis(told(5, 5))).toEqual({
      stop: [100, "actual", usd(5)],
      notice: [100, "estimate", usd(5)],
    });
    expect(basis(told(5, 10))).toEqual({ stop: [200, "estimate", usd(10)] });
  });

  it("says, where Apify tells no cost, that it is unknown although the estimate reached a step", () => {
    expect(basis(told(undefined, 5))).toEqual({ notice: [100, "estimate", usd(5)], untold: "usageTotalUsd" });
    expect(basis(told(undefined, 4))).toBe("unknown");
  });

  const whosever = (actual: number | undefined, events: number): Observation => ({
    ...told(actual, events),
    ownActor: undefined,
  });

  it("stops by nothing that may be above the bill, and says that it can't tell", () => {
    const stops = rule({ steps: [estimate(100, "abort"), estimate(200, "abort-now")] });
    const doubt = { kind: "unknown", metric: "usageTotalUsd", isDoubt: true, young: false };
    expect(judge(stops, whosever(1, 5), NOON)).toMatchObject({
      ...doubt,
      reason: expect.stringContaining("your own"),
    });
    expect(judge(stops, whosever(undefined, 5), NOON)).toMatchObject(doubt);
    expect(judge(stops, whosever(1, 4.99), NOON)).toMatchObject({ kind: "within" });
  });

  it("stops by what Apify tells even so, and says of what is more that it can't tell", () => {
    const stops = rule({ steps: [estimate(100, "abort"), estimate(200, "abort-now")] });
    expect(judge(stops, whosever(5, 10), NOON)).toMatchObject({
      kind: "breach",
      stop: { step: estimate(100, "abort"), evidence: { measured: usd(5), basis: "estimate" } },
      ahead: [estimate(200, "abort-now")],
      untold: { isDoubt: true },
    });
    expect(judge(stops, whosever(10, 11), NOON)).not.toHaveProperty("untold");
  });

  it("gives notice of what may be above the bill", () => {
    expect(basis(whosever(1, 10))).toEqual({ notice: [100, "estimate", usd(10)], untold: "usageTotalUsd" });
  });

  it("writes down that a step rests on an estimate, and nothing of one that does not", () => {
    const verdict = judge(both, told(5, 5), NOON);
    expect(verdict).toMatchObject({ notice: { step: estimate(100, "notify") } });
    expect(verdict.kind === "breach" && verdict.stop?.step).toEqual(step(100, "abort"));
  });

  it("is what Apify says where the events say nothing, but by its own name", () => {
    expect(judge(both, costing(10), NOON)).toMatchObject({
      stop: { step: estimate(200, "abort-now"), evidence: { measured: usd(10), basis: "estimate" } },
    });
  });
});
