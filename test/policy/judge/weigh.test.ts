import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../src/policy/judge/verdict.ts";
import {
  type Figures,
  isReached,
  plainStep,
  type Scales,
  stronger,
  weigh,
} from "../../../src/policy/judge/weigh.ts";
import { known, unknown } from "../../../src/policy/limits/limit.ts";
import type { RuleStep } from "../../../src/policy/policy.ts";
import { NOON, step } from "../../support/builders.ts";

const evidence: Scales["evidence"] = (basis, figure): Evidence => ({
  metric: "budget",
  measured: figure.value,
  limit: 100,
  unit: "USD",
  observedAt: NOON,
  source: "ledger",
  basis,
});
const actual = (value: number): Figures => new Map([["actual", known(value)]]);
const scales = (overrides: Partial<Scales> = {}): Scales => ({
  ruleId: "a-day",
  metric: "budget",
  steps: [
    { at: 80, do: "notify" },
    { at: 100, do: "abort" },
  ],
  figures: actual(50),
  limit: 100,
  waitsFor: () => undefined,
  evidence,
  ...overrides,
});

describe("weigh()", () => {
  it("finds what is below all steps within, and says how much it is", () => {
    expect(weigh(scales())).toEqual({
      kind: "within",
      evidence: evidence("actual", { kind: "known", value: 50 }),
      waiting: [],
    });
  });

  it("tells a step at its very bound, and which are ahead", () => {
    expect(weigh(scales({ figures: actual(80) }))).toMatchObject({
      kind: "breach",
      notice: { step: { at: 80 } },
      ahead: [{ at: 100, do: "abort" }],
    });
    expect(weigh(scales({ figures: actual(79) }))).toMatchObject({ kind: "within" });
  });

  it("gives no notice where a stop is the highest, for the stop tells of itself", () => {
    const verdict = weigh(scales({ figures: actual(100) }));
    expect(verdict).toMatchObject({ kind: "breach", stop: { step: { at: 100 } }, ahead: [] });
    expect(verdict).not.toHaveProperty("notice");
  });

  it("weighs each step by the figure that it rests on", () => {
    const steps: readonly RuleStep[] = [
      { at: 100, do: "notify", basis: "projected" },
      { at: 100, do: "abort" },
    ];
    const figures: Figures = new Map([
      ["projected", known(120)],
      ["actual", known(60)],
    ]);
    const verdict = weigh(scales({ steps, figures }));
    expect(verdict).toMatchObject({
      kind: "breach",
      evidence: { basis: "projected", measured: 120 },
      notice: { step: steps[0], evidence: { measured: 120 } },
      ahead: [steps[1]],
    });
    expect(verdict).not.toHaveProperty("stop");
  });

  it("rests on the stop, not on a higher notice", () => {
    const steps: readonly RuleStep[] = [
      { at: 100, do: "abort" },
      { at: 100, do: "notify", basis: "projected" },
    ];
    const figures: Figures = new Map([
      ["actual", known(100)],
      ["projected", known(300)],
    ]);
    expect(weigh(scales({ steps, figures }))).toMatchObject({
      evidence: { basis: "actual", measured: 100 },
      stop: { step: steps[0] },
      notice: { step: steps[1], evidence: { measured: 300 } },
    });
  });

  it("lets a step wait, and takes those that need not", () => {
    const waitsFor: Scales["waitsFor"] = ({ at }) => (at === 100 ? "a second look" : undefined);
    const verdict = weigh(scales({ figures: actual(100), waitsFor }));
    expect(verdict).toMatchObject({
      kind: "breach",
      waiting: [{ step: { at: 100, do: "abort" }, for: "a second look" }],
      notice: { step: { at: 80 } },
      ahead: [{ at: 100, do: "abort" }],
    });
    expect(verdict).not.toHaveProperty("stop");
  });

  it("asks no step that is not reached whether it waits", () => {
    expect(weigh(scales({ waitsFor: () => "its schedule" }))).toMatchObject({ kind: "within", waiting: [] });
  });

  it("knows nothing where no figure is told, and says so beside what is reached all the same", () => {
    const untold = unknown("its window has only just begun", true);
    expect(weigh(scales({ figures: new Map([["actual", untold]]) }))).toEqual({
      ...untold,
      metric: "budget",
    });
    const steps: readonly RuleStep[] = [
      { at: 80, do: "notify" },
      { at: 100, do: "notify", basis: "projected" },
    ];
    const half = new Map([["actual", known(90)] as const, ["projected", untold] as const]);
    expect(weigh(scales({ steps, figures: half }))).toMatchObject({
      kind: "breach",
      notice: { step: steps[0] },
      untold: { ...untold, metric: "budget" },
    });
  });

  it("refuses a rule without steps", () => {
    expect(() => weigh(scales({ steps: [], figures: new Map() }))).toThrow('rule "a-day" has no steps');
  });

  it("never does less for more: a higher figure reaches every step that a lower one does, and a stop as strong", () => {
    const steps = fc
      .uniqueArray(fc.constantFrom(20, 50, 80, 100, 150, 200), { minLength: 1 })
      .chain((shares) =>
        fc.tuple(
          ...shares
            .toSorted((a, b) => a - b)
            .map((at) =>
              fc
                .constantFrom("notify", "abort", "abort-now" as const)
                .map((act): RuleStep => ({ at, do: act })),
            ),
        ),
      );
    const figure = fc.integer({ min: 0, max: 250 });
    fc.assert(
      fc.property(steps, figure, figure, (ladder, some, more) => {
        const [less, greater] = [some, some + more].map((value) =>
          weigh(scales({ steps: ladder, figures: actual(value) })),
        );
        if (less?.kind !== "breach") return;
        if (greater?.kind !== "breach") throw new Error("a breach is none at more");
        expect(less.ahead).toEqual(expect.arrayContaining([...greater.ahead]));
        if (less.stop && greater.stop) expect(stronger(less.stop.step, greater.stop.step)).toBe(false);
        else expect(less.stop).toBeUndefined();
      }),
    );
  });
});

describe("stronger()", () => {
  it("puts a kill above a graceful stop, and that above a notice; equals are not stronger", () => {
    expect(stronger(step(100, "abort-now"), step(100, "abort"))).toBe(true);
    expect(stronger(step(100, "abort"), step(100, "notify"))).toBe(true);
    expect(stronger(step(100, "abort"), step(100, "abort"))).toBe(false);
  });

  it("ranks abort-now over abort over notify", () => {
    const steps = (["notify", "abort", "abort-now"] as const).map((action) => step(100, action));
    expect(steps.map((a) => steps.map((b) => stronger(a, b)))).toEqual([
      [false, false, false],
      [true, false, false],
      [true, true, false],
    ]);
  });
});

describe("plainStep()", () => {
  it("leaves the schedule out and keeps what the step rests on", () => {
    const written: RuleStep = { at: 80, do: "abort", schedule: { timeZone: "UTC" } };
    expect(plainStep(written)).toEqual({ at: 80, do: "abort" });
    expect(plainStep({ ...written, basis: "projected" })).toEqual({
      at: 80,
      do: "abort",
      basis: "projected",
    });
  });

  it("leaves out the schedule and keeps the basis", () => {
    const written: RuleStep = { ...step(100, "abort"), schedule: { days: [1], timeZone: "UTC" } };
    const estimated: RuleStep = { ...written, basis: "estimate" };
    expect([plainStep(written), plainStep(estimated)]).toEqual([
      step(100, "abort"),
      { ...step(100, "abort"), basis: "estimate" },
    ]);
  });
});

describe("isReached()", () => {
  it("is never true of a figure that is not reported, or that another step rests on", () => {
    expect(isReached({ at: 80, do: "notify" }, new Map([["actual", unknown("not told", false)]]), 100)).toBe(
      false,
    );
    expect(isReached({ at: 80, do: "notify", basis: "projected" }, actual(90), 100)).toBe(false);
    expect(isReached({ at: 80, do: "notify" }, actual(90), 100)).toBe(true);
  });
});
