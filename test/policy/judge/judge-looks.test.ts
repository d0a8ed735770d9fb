import { describe, expect, it } from "vitest";
import { judgeRun, type LimitRule, type Observation, type Step } from "../../../src/policy/index.ts";
import { judge, looksAfter } from "../../../src/policy/judge/judge.ts";

import { at, life, NOON, observation, policy, rule, run, step, usd } from "../../support/builders.ts";
import { costing, cpu, cpuRule } from "./judging.ts";

const verdictOf = (seen: Observation): string => judge(cpuRule, seen, seen.observedAt).kind;

describe("judge() of a gauge", () => {
  it("is not believed at one look", () => {
    expect(verdictOf(cpu(99, 0))).toBe("within");
  });

  it.each([
    [59, "within"],
    [60, "breach"],
    [600, "breach"],
  ])("at a second look %d s later is %s", (secs, verdict) => {
    expect(verdictOf(cpu(99, secs, cpu(99, 0)))).toBe(verdict);
  });

  it("adds up looks that are nearer than a minute to each other", () => {
    const second = cpu(99, 30, cpu(99, 0));
    expect(verdictOf(cpu(99, 60, second))).toBe("breach");
  });

  it("starts anew after a dip", () => {
    const dip = cpu(89, 60, cpu(99, 0));
    const third = cpu(99, 120, dip);
    expect(verdictOf(third)).toBe("within");
    expect(verdictOf(cpu(99, 180, third))).toBe("breach");
  });

  it("starts anew after a look that showed no figure", () => {
    const blind = cpu(undefined, 60, cpu(99, 0));
    expect(verdictOf(cpu(99, 120, blind))).toBe("within");
  });

  it("believes each step by its own looks", () => {
    const two = rule({ ...cpuRule, steps: [step(50, "notify"), step(100, "abort")] });
    const looks = looksAfter([two], cpu(60, 0), at(0));
    const seen = { ...cpu(99, 60), life: life({ looks }) };
    expect(judge(two, seen, at(60))).toMatchObject({
      kind: "breach",
      notice: { step: step(50, "notify") },
    });
    expect(judge(two, seen, at(60))).not.toHaveProperty("stop");
  });

  it("is believed at one look where it is a counter", () => {
    const counter = rule({ limit: { metric: "stats.netRxBytes", value: 10 } });
    const seen = observation({ run: run({ detail: { stats: { netRxBytes: 10 } } }), source: "detail" });
    expect(judge(counter, seen, NOON).kind).toBe("breach");
  });
});

describe("judge() of rates and of what is usual", () => {
  const burn = rule({ id: "burn", limit: { metric: "usdPerHour", value: usd(10) } });
  const usual = rule({
    id: "usual",
    limit: { metric: "timesTypical.usd", value: 3, options: { samples: 10, floor: usd(0.5) } },
  });
  const fast = (secs: number, looks: Observation["life"]["looks"] = {}): Observation =>
    observation({
      run: run({ usageTotalMicroUsd: usd(6) }),
      observedAt: at(secs),
      measuredBurnMicroUsdPerHour: usd(12),
      typical: { usageTotalMicroUsd: { median: usd(2), runs: 10 } },
      life: life({ looks }),
    });

  it.each([burn, usual])("believes $id at two looks a minute apart, not before", (of) => {
    const looks = looksAfter([of], fast(0), at(0));
    const verdict = (secs: number) => judge(of, fast(secs, looks), at(secs));
    expect(judge(of, fast(0), at(0))).toMatchObject({ kind: "within", waiting: [{ for: "a second look" }] });
    expect(verdict(59)).toMatchObject({
      kind: "within",
      waiting: [{ step: step(100, "abort"), for: "a second look" }],
    });
    expect(verdict(60)).toMatchObject({ kind: "breach", waiting: [] });
  });

  it("says what is usual and how many runs that rests on", () => {
    const looks = looksAfter([usual], fast(0), at(0));
    expect(judge(usual, fast(60, looks), at(60))).toMatchObject({
      evidence: { measured: 3, limit: 3, unit: "times", facts: { own: 6, usual: 2, runs: 10 } },
    });
  });

  it("has no facts where the figure says all", () => {
    expect(judge(rule(), costing(1), NOON)).not.toHaveProperty("evidence.facts");
  });
});

describe("looksAfter()", () => {
  it("remembers since when each step of each gauge has been reached", () => {
    const first = cpu(99, 0);
    const second = cpu(99, 30, first);
    expect(Object.values(looksAfter([cpuRule], second, at(30)))).toEqual([at(0)]);
  });

  it("remembers no counter", () => {
    expect(looksAfter([rule()], costing(9), NOON)).toEqual({});
  });

  it.each([
    ["another limit value", { limit: { metric: "stats.cpuAvgUsage", value: 80 } }],
    ["another metric", { limit: { metric: "stats.cpuCurrentUsage", value: 90 } }],
    ["another share", { steps: [step(99, "abort")] }],
    ["another rule", { id: "busier" }],
  ] as const)("does not take a look for one at %s", (_what, change) => {
    const changed: LimitRule = rule({ ...cpuRule, ...change });
    const looks = looksAfter([cpuRule], cpu(99, 0), at(0));
    const stats = { cpuAvgUsage: 99, cpuCurrentUsage: 99 };
    const seen = observation({ run: run({ detail: { stats } }), observedAt: at(120), life: life({ looks }) });
    expect(judge(changed, seen, at(120)).kind).toBe("within");
  });

  it.each(["SUCCEEDED", "A-STATUS-OF-TOMORROW"])(
    "forgets all in status %s, which no gauge judges",
    (status) => {
      expect(looksAfter([cpuRule], cpu(99, 60, cpu(99, 0), status), at(60))).toEqual({});
    },
  );

  it("keeps apart the looks at one share by what they rest on", () => {
    const limit = { metric: "usdPerHour", value: usd(1) };
    const steps: readonly Step[] = [step(100, "notify"), { ...step(100, "abort"), basis: "estimate" }];
    const seen = observation({ measuredBurnMicroUsdPerHour: usd(1) });
    expect(Object.keys(looksAfter([rule({ limit, steps })], seen, NOON))).toHaveLength(2);
  });

  it("shares one row of looks between rules that limit the same state, and none between different ones", () => {
    const options = { cpuBelow: 5, trafficBelow: 9 };
    const idle = (id: string, value = 600, more = {}): LimitRule =>
      rule({ id, limit: { metric: "idleTime", value, options: { ...options, ...more } } });
    const seen = observation({
      run: run({ detail: { stats: { cpuCurrentUsage: 0 } } }),
      activity: { overSecs: 60, netBytes: 0, outputs: 0 },
    });
    expect(Object.keys(looksAfter([idle("a"), idle("b")], seen, NOON))).toHaveLength(1);
    const different = [idle("a"), idle("b", 900), idle("c", 600, { cpuBelow: 9 })];
    expect(Object.keys(looksAfter(different, seen, NOON))).toHaveLength(3);
  });

  it("forgets the rules that are gone", () => {
    expect(looksAfter([], cpu(99, 60, cpu(99, 0)), at(60))).toEqual({});
  });

  it("keeps what a run was stopped for while it drains, so that it can still be forced", () => {
    const believed = cpu(99, 60, cpu(99, 0));
    const { detail: _listed, ...aborting } = run({ status: "ABORTING" });
    const listed = observation({
      run: aborting,
      observedAt: at(120),
      life: life({ looks: looksAfter([cpuRule], believed, at(60)) }),
    });
    const draining = cpu(99, 125, undefined, "ABORTING");
    const looks = looksAfter([cpuRule], listed, at(120));
    const [judgement] = judgeRun(
      policy({ rules: [cpuRule] }),
      { ...draining, life: life({ looks }) },
      at(125),
      {
        underIntent: true,
      },
    );
    expect(judgement).toMatchObject({ applies: "yes", verdict: { kind: "breach" } });
  });
});
