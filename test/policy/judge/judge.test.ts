import { describe, expect, it } from "vitest";
import type { LimitRule, Schedule } from "../../../src/policy/index.ts";
import { judge, looksAfter } from "../../../src/policy/judge/judge.ts";

import {
  at,
  HOUR,
  life,
  NOON,
  observation,
  rule,
  run,
  runOfUnknownCost,
  step,
  usd,
} from "../../support/builders.ts";
import { costing, cpu, cpuRule } from "./judging.ts";

const ladder = rule({
  steps: [
    step(50, "notify"),
    step(80, "notify"),
    step(100, "abort"),
    step(150, "abort-now"),
    step(200, "notify"),
  ],
});

describe("judge()", () => {
  it.each([
    [2.499999, undefined, undefined],
    [2.5, undefined, 50],
    [4, undefined, 80],
    [4.999999, undefined, 80],
    [5, 100, undefined],
    [7.499999, 100, undefined],
    [7.5, 150, undefined],
    [10, 150, 200],
  ])("at a cost of %d reaches the stop at %s and the notice at %s", (cost, stop, notice) => {
    const verdict = judge(ladder, costing(cost), NOON);
    const reached =
      verdict.kind === "breach" ? [verdict.stop?.step.at, verdict.notice?.step.at] : [undefined, undefined];
    expect(reached).toEqual([stop, notice]);
  });

  it("gives the strongest stop, not the last", () => {
    const odd = rule({ steps: [step(50, "abort-now"), step(100, "abort")] });
    expect(judge(odd, costing(9), NOON)).toMatchObject({ stop: { step: step(50, "abort-now") } });
  });

  it("keeps the first of equally strong stops", () => {
    const twice = rule({ steps: [step(50, "abort"), step(100, "abort")] });
    expect(judge(twice, costing(9), NOON)).toMatchObject({ stop: { step: step(50, "abort") } });
  });

  it("rests on evidence that says what was measured, when and from where", () => {
    const seen = observation({
      run: run({ usageTotalMicroUsd: usd(7) }),
      observedAt: at(-3),
      source: "detail",
    });
    expect(judge(rule(), seen, NOON)).toMatchObject({
      kind: "breach",
      evidence: {
        metric: "usageTotalUsd",
        measured: usd(7),
        limit: usd(5),
        unit: "USD",
        observedAt: at(-3),
        source: "detail",
        basis: "actual",
      },
      stop: { step: step(100, "abort") },
    });
  });

  it("makes no breach of what is not known", () => {
    expect(judge(rule(), observation({ run: runOfUnknownCost() }), NOON)).toEqual({
      kind: "unknown",
      metric: "usageTotalUsd",
      reason: "Apify reports no usageTotalUsd for this run",
      young: false,
    });
  });

  it("takes a figure that is no number for unknown", () => {
    expect(judge(rule(), costing(Number.NaN), NOON).kind).toBe("unknown");
    expect(judge(rule(), costing(Number.POSITIVE_INFINITY), NOON).kind).toBe("unknown");
  });
});

describe("judge() by the schedules of steps", () => {
  const nights: Schedule = { hours: [{ from: 1320, to: 360 }], timeZone: "UTC" };
  const ladder: LimitRule = rule({
    steps: [step(50, "notify"), { ...step(100, "abort"), schedule: nights }, step(200, "abort-now")],
  });
  const NIGHT = at(10 * HOUR);

  it("lets a step outside of its schedule wait, and says that it is reached", () => {
    expect(judge(ladder, costing(6), NOON)).toMatchObject({
      kind: "breach",
      notice: { step: step(50, "notify") },
      waiting: [{ step: step(100, "abort"), for: "its schedule" }],
    });
    expect(judge(ladder, costing(6), NOON)).not.toHaveProperty("stop");
  });

  it("takes it within its schedule, and writes it down without", () => {
    const verdict = judge(ladder, costing(6), NIGHT);
    expect(verdict).toMatchObject({ kind: "breach", waiting: [] });
    expect(verdict.kind === "breach" && verdict.stop?.step).toEqual(step(100, "abort"));
  });

  it("does not hold up the steps beside it", () => {
    expect(judge(ladder, costing(10), NOON)).toMatchObject({ stop: { step: step(200, "abort-now") } });
  });

  it("is within where all that is reached waits", () => {
    const only = rule({ steps: [{ ...step(100, "abort"), schedule: nights }] });
    expect(judge(only, costing(6), NOON)).toMatchObject({
      kind: "within",
      evidence: { measured: usd(6) },
      waiting: [{ for: "its schedule" }],
    });
    expect(judge(only, costing(4), NOON)).toMatchObject({ kind: "within", waiting: [] });
  });

  it("lets a gauge's looks add up outside of the schedule, and wait for the schedule first", () => {
    const hot: LimitRule = { ...cpuRule, steps: [{ ...step(100, "abort"), schedule: nights }] };
    const looks = looksAfter([hot], cpu(99, -60), at(-60));
    const seen = { ...cpu(99, 0), life: life({ looks }) };
    expect(judge(hot, seen, NOON)).toMatchObject({ waiting: [{ for: "its schedule" }] });
    expect(judge(hot, cpu(99, 0), NOON)).toMatchObject({ waiting: [{ for: "its schedule" }] });
    expect(judge(hot, cpu(99, 0), NIGHT)).toMatchObject({ waiting: [{ for: "a second look" }] });
    expect(judge(hot, seen, NIGHT)).toMatchObject({ kind: "breach" });
  });
});

describe("judge() of what is no figure", () => {
  it("makes nothing of a life that began at no time", () => {
    const since = new Date(Number.NaN);
    const time = rule({ limit: { metric: "runTime", value: 1 } });
    expect(judge(time, observation({ life: life({ since }) }), NOON)).toEqual({
      kind: "unknown",
      metric: "runTime",
      reason: "it is no number",
      young: false,
    });
  });

  it("refuses a rule without steps, which no policy can have", () => {
    expect(() => judge(rule({ steps: [] }), costing(9), NOON)).toThrow(
      'rule "no-run-over-5-usd" has no steps',
    );
  });
});
