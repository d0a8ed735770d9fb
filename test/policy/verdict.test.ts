import { describe, expect, it } from "vitest";
import { judgeRun, type Observation, type Rule, type Step } from "../../src/policy/index.ts";
import { judge, looksAfter, stronger } from "../../src/policy/verdict.ts";
import {
  at,
  HOUR,
  life,
  NOON,
  observation,
  policy,
  rule,
  run,
  runOfUnknownCost,
  usd,
} from "../support/builders.ts";

const costing = (amount: number): Observation =>
  observation({ run: run({ usageTotalMicroUsd: usd(amount) }) });
const step = (share: number, action: Step["do"]): Step => ({ at: share, do: action });
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

const cpuRule = rule({ id: "busy", limit: { metric: "stats.cpuAvgUsage", value: 90 } });
const cpu = (
  cpuAvgUsage: number | undefined,
  secs: number,
  before?: Observation,
  status = "RUNNING",
): Observation => {
  const looks = before ? looksAfter([cpuRule], before, before.observedAt) : {};
  const stats: Record<string, number> = cpuAvgUsage === undefined ? {} : { cpuAvgUsage };
  return observation({
    run: run({ status, detail: { stats } }),
    observedAt: at(secs),
    source: "detail",
    life: life({ since: at(-HOUR), looks }),
  });
};
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
    const changed: Rule = rule({ ...cpuRule, ...change });
    const looks = looksAfter([cpuRule], cpu(99, 0), at(0));
    const stats = { cpuAvgUsage: 99, cpuCurrentUsage: 99 };
    const seen = observation({ run: run({ detail: { stats } }), observedAt: at(120), life: life({ looks }) });
    expect(judge(changed, seen, at(120)).kind).toBe("within");
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

describe("stronger()", () => {
  it("ranks abort-now over abort over notify", () => {
    const steps = (["notify", "abort", "abort-now"] as const).map((action) => step(100, action));
    expect(steps.map((a) => steps.map((b) => stronger(a, b)))).toEqual([
      [false, false, false],
      [true, false, false],
      [true, true, false],
    ]);
  });
});
