import { describe, expect, it } from "vitest";
import type { Exemption, Pause } from "../../../src/policy/index.ts";
import { covers, exempts, isExempt, isPaused } from "../../../src/policy/judge/guards.ts";
import {
  at,
  control,
  exemption,
  NOON,
  observation,
  run,
  runOfUnknownCost,
  usd,
} from "../../support/builders.ts";

const NOT_A_DATE = new Date(Number.NaN);

describe("isPaused()", () => {
  const paused = (pause: Partial<Pause>): boolean =>
    isPaused(control({ pause: { since: at(-60), by: "ada", reason: "incident", ...pause } }), NOON);

  it("is not without a pause", () => {
    expect(isPaused(control(), NOON)).toBe(false);
  });

  it("lasts until somebody resumes where it has no end", () => {
    expect(paused({})).toBe(true);
  });

  it("lasts up to its end, and not at it", () => {
    expect([paused({ until: at(0.001) }), paused({ until: NOON }), paused({ until: at(-1) })]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("lasts when its end can't be read", () => {
    expect(paused({ until: NOT_A_DATE })).toBe(true);
  });
});

const seen = observation({ run: run({ actorTaskId: "task1", usageTotalMicroUsd: usd(3) }) });

describe("covers()", () => {
  it("asks for the subject alone, so also of an exemption that is over", () => {
    const over = { until: at(-1), ceilingMicroUsd: 0 };
    const of = (id: string): boolean =>
      covers(exemption({ ...over, subject: { kind: "task", id } }), "any", seen);
    expect([of("task1"), of("task2")]).toEqual([true, false]);
  });
});

describe("exempts()", () => {
  const exempt = (of: Exemption, subject = seen, ruleId = "no-run-over-5-usd"): boolean =>
    exempts(of, ruleId, subject, NOON);

  it.each([
    [{ kind: "run", id: "run1" }, true],
    [{ kind: "run", id: "run2" }, false],
    [{ kind: "run", id: "actor1" }, false],
    [{ kind: "actor", id: "actor1" }, true],
    [{ kind: "actor", id: "ACTOR1" }, false],
    [{ kind: "task", id: "task1" }, true],
    [{ kind: "task", id: "run1" }, false],
    [{ kind: "rule", id: "no-run-over-5-usd" }, true],
    [{ kind: "rule", id: "another" }, false],
  ] as const)("of %j covers the run: %s", (subject, covered) => {
    expect(exempt(exemption({ subject }))).toBe(covered);
    expect(exempt({ kind: "malformed", subject, problem: "no date" })).toBe(covered);
  });

  it("of one rule alone covers its runs under that rule, and under no other", () => {
    const subject = { kind: "actor", id: "actor1", ruleId: "no-run-over-5-usd" } as const;
    for (const each of [exemption({ subject }), { kind: "malformed", subject, problem: "no date" } as const])
      expect([exempt(each), exempt(each, seen, "another"), exempt(each, seen, "by hand")]).toEqual([
        true,
        false,
        false,
      ]);
    expect(exempt(exemption({ subject: { ...subject, id: "actor2" } }))).toBe(false);
  });

  it("of a task does not cover a run without one", () => {
    expect(exempt(exemption({ subject: { kind: "task", id: "task1" } }), observation())).toBe(false);
  });

  it("ends at its time", () => {
    const until = (secs: number): boolean => exempt(exemption({ until: at(secs) }));
    expect([until(0.001), until(0), until(-1)]).toEqual([true, false, false]);
  });

  it("ends when the run's cost reaches its ceiling", () => {
    const ceiling = (amount: number): boolean => exempt(exemption({ ceilingMicroUsd: usd(amount) }));
    expect([ceiling(3.000001), ceiling(3), ceiling(2), ceiling(0)]).toEqual([true, false, false, false]);
  });

  it("takes an unknown cost to be below every ceiling", () => {
    const blind = observation({ run: runOfUnknownCost() });
    expect(exempt(exemption({ ceilingMicroUsd: usd(0.01) }), blind)).toBe(true);
  });

  it("protects its subject when it is malformed", () => {
    expect(
      exempt({ kind: "malformed", subject: { kind: "actor", id: "actor1" }, problem: "until is 'soon'" }),
    ).toBe(true);
  });

  it("protects every run when not even its subject can be read", () => {
    expect(exempt({ kind: "malformed", problem: "no JSON" })).toBe(true);
    expect(exempt({ kind: "malformed", problem: "no JSON" }, observation({ run: run({ id: "run9" }) }))).toBe(
      true,
    );
  });

  it("protects when its end or its ceiling is no date or number", () => {
    expect(exempt(exemption({ until: NOT_A_DATE }))).toBe(true);
    expect(exempt(exemption({ ceilingMicroUsd: Number.NaN }))).toBe(true);
  });
});

describe("isExempt()", () => {
  it("is when one of several exempts it", () => {
    const exemptions = [
      exemption({ until: at(-1) }),
      exemption({ subject: { kind: "actor", id: "actor1" } }),
    ];
    expect(isExempt(control({ exemptions }), "any", seen, NOON)).toBe(true);
    expect(isExempt(control(), "any", seen, NOON)).toBe(false);
  });
});
