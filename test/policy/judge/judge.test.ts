import { describe, expect, it } from "vitest";
import {
  judgeRun,
  type LimitRule,
  type Observation,
  type RuleStep,
  type Schedule,
  type Step,
} from "../../../src/policy/index.ts";
import { judge, looksAfter } from "../../../src/policy/judge/judge.ts";
import { plainStep, stronger } from "../../../src/policy/judge/weigh.ts";
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
} from "../../support/builders.ts";

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

describe("judge() by estimate", () => {
  const estimate = (share: number, action: Step["do"]): Step => ({
    at: share,
    do: action,
    basis: "estimate",
  });
  const both = rule({ steps: [step(100, "abort"), estimate(100, "notify"), estimate(200, "abort-now")] });
  /** Apify tells the one, the charged events come to the other. */
  const told = (actual: number | undefined, events: number): Observation => {
    const { usageTotalMicroUsd: _cost, ...unknown } = run();
    const detail = { stats: {}, events: { result: events }, eventMicroUsd: { result: usd(1) } };
    const known = actual === undefined ? {} : { usageTotalMicroUsd: usd(actual) };
    return observation({ run: { ...unknown, ...known, detail }, source: "detail" });
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

describe("plainStep()", () => {
  it("leaves out the schedule and keeps the basis", () => {
    const written: RuleStep = { ...step(100, "abort"), schedule: { days: [1], timeZone: "UTC" } };
    const estimated: RuleStep = { ...written, basis: "estimate" };
    expect([plainStep(written), plainStep(estimated)]).toEqual([
      step(100, "abort"),
      { ...step(100, "abort"), basis: "estimate" },
    ]);
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
