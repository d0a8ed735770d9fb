import { describe, expect, it } from "vitest";
import type { Observation, Typical } from "../../../src/policy/index.ts";
import { at, HOUR, life, observation, run, runOfUnknownCost, usd } from "../../support/builders.ts";
import { limitOf, measure } from "./measuring.ts";

const usual = (median: number, runs = 10) => ({ median, runs });
const typical = (of: Typical, overrides: Partial<Observation> = {}): Observation =>
  observation({ typical: of, ...overrides });
const byUsd = limitOf({ timesTypical: { usd: 3 } });
const byRunTime = limitOf({ timesTypical: { runTime: 3 } });

describe("timesTypical: { usd }", () => {
  const costing = (amount: number, of: Typical) =>
    measure(byUsd.metric, typical(of, { run: run({ usageTotalMicroUsd: usd(amount) }) }), byUsd);

  it("measures the run's cost in medians, and says of what and of how many runs", () => {
    expect(costing(6, { usageTotalMicroUsd: usual(usd(2), 12) })).toEqual({
      kind: "known",
      value: 3,
      facts: { own: 6, usual: 2, runs: 12 },
    });
  });

  it.each([
    [5.999999, false],
    [6, true],
    [6.000001, true],
  ])("at a cost of %d against a median of 2 is at three times it: %s", (amount, isAt) => {
    const measured = costing(amount, { usageTotalMicroUsd: usual(usd(2)) });
    expect(measured.kind === "known" && measured.value >= 3).toBe(isAt);
  });

  it("never takes less than the floor for usual, for many times next to nothing is next to nothing", () => {
    expect(costing(1, { usageTotalMicroUsd: usual(usd(0.0001)) })).toMatchObject({
      value: 2,
      facts: { usual: 0.5 },
    });
    expect(costing(1, { usageTotalMicroUsd: usual(0) })).toMatchObject({ value: 2 });
    expect(costing(1, { usageTotalMicroUsd: usual(-5) })).toMatchObject({ value: 2 });
  });

  it.each([0, 1, 9])("is silent with %d successful runs to compare with, for ever", (runs) => {
    expect(costing(99, { usageTotalMicroUsd: usual(usd(2), runs) })).toEqual({
      kind: "unknown",
      reason: `only ${runs} successful runs to compare with, wanted 10`,
      young: true,
    });
  });

  it("is silent where nothing is told of the cost of successful runs", () => {
    expect(costing(99, { runTimeSecs: usual(60) })).toMatchObject({
      kind: "unknown",
      reason: "only 0 successful runs to compare with, wanted 10",
      young: true,
    });
  });

  it.each([
    [Number.NaN, 10],
    [Number.POSITIVE_INFINITY, 10],
    [usd(2), Number.NaN],
    [usd(2), Number.POSITIVE_INFINITY],
  ])("is unknown against a median of %d of %d runs", (median, runs) => {
    expect(costing(99, { usageTotalMicroUsd: usual(median, runs) })).toEqual({
      kind: "unknown",
      reason: "what is usual for it is no number",
      young: false,
    });
  });

  it("is unknown before what is usual is known, which is young only in the first two minutes", () => {
    const untold = (secs: number) =>
      measure(byUsd.metric, observation({ run: run({ startedAt: at(-secs) }) }), byUsd);
    expect([untold(119), untold(120)]).toEqual([
      { kind: "unknown", reason: "what is usual for it is not known yet", young: true },
      { kind: "unknown", reason: "what is usual for it is not known yet", young: false },
    ]);
  });

  it("takes a missing cost for unknown, never for 0", () => {
    const of = { usageTotalMicroUsd: usual(usd(2)) };
    const untold = { kind: "unknown", reason: "Apify reports no usageTotalUsd for this run" };
    const seen = (told: ReturnType<typeof run>) => measure(byUsd.metric, typical(of, { run: told }), byUsd);
    expect(seen(runOfUnknownCost())).toEqual({ ...untold, young: false });
    expect(seen(run({ usageTotalMicroUsd: Number.NaN }))).toEqual({ ...untold, young: false });
  });

  it("goes by the rule's own number of runs and its own floor", () => {
    const own = limitOf({ timesTypical: { usd: 3, samples: 2, floor: 5 } });
    const of = { usageTotalMicroUsd: usual(usd(2), 2) };
    expect(
      measure(byUsd.metric, typical(of, { run: run({ usageTotalMicroUsd: usd(10) }) }), own),
    ).toMatchObject({
      value: 2,
      facts: { usual: 5, runs: 2 },
    });
  });

  it("asks for ten runs and has no floor where a limit says neither", () => {
    const seen = (runs: number, median: number) =>
      measure(byUsd.metric, typical({ usageTotalMicroUsd: usual(median, runs) }), { value: 3 });
    expect([seen(9, usd(0.1)).kind, seen(10, usd(0.1)).kind]).toEqual(["unknown", "known"]);
    expect(seen(10, usd(0.1))).toMatchObject({ value: 10 });
  });
});

describe("timesTypical: { runTime }", () => {
  const running = (overrides: Partial<Observation>, secs = 1200) =>
    measure(byRunTime.metric, typical({ runTimeSecs: usual(secs) }, overrides), byRunTime);

  it("measures the run time of this life in medians, in seconds", () => {
    expect(running({ run: run({ startedAt: at(-HOUR) }) })).toEqual({
      kind: "known",
      value: 3,
      facts: { own: 3600, usual: 1200, runs: 10 },
    });
  });

  it("counts neither the time in the queue nor another life's", () => {
    expect(running({ run: run({ status: "READY" }) })).toMatchObject({ value: 0 });
    expect(running({ life: life({ number: 1, since: at(-1200) }) })).toMatchObject({ value: 1 });
  });

  it("is not held up by an unknown cost", () => {
    expect(running({ run: runOfUnknownCost() })).toMatchObject({ value: 3 });
  });

  it("has a floor of ten minutes", () => {
    expect(running({}, 1)).toMatchObject({ value: 6, facts: { usual: 600 } });
  });
});

describe("timesTypical as a policy writes it", () => {
  it("fills in how many runs and the floor, by what is compared", () => {
    expect([byUsd, byRunTime]).toEqual([
      { metric: "timesTypical.usd", value: 3, options: { samples: 10, floor: 500_000 } },
      { metric: "timesTypical.runTime", value: 3, options: { samples: 10, floor: 600 } },
    ]);
  });

  it("keeps what the rule says itself", () => {
    expect([
      limitOf({ timesTypical: { usd: 2.5, samples: 1, floor: "$2" } }),
      limitOf({ timesTypical: { runTime: 2.5, samples: 30, floor: "1h" } }),
    ]).toEqual([
      { metric: "timesTypical.usd", value: 2.5, options: { samples: 1, floor: 2_000_000 } },
      { metric: "timesTypical.runTime", value: 2.5, options: { samples: 30, floor: 3600 } },
    ]);
  });

  it.each<[unknown, string]>([
    [{ usd: 3, runTime: 3 }, "wanted either usd or runTime"],
    [{}, "wanted either usd or runTime"],
    [{ samples: 3 }, "wanted either usd or runTime"],
    [3, "wanted either usd or runTime"],
    [null, "wanted either usd or runTime"],
    [[], "wanted either usd or runTime"],
    [{ usd: 0 }, "how many times the usual"],
    [{ usd: 3, samples: 0 }, "a whole number of successful runs, from 1 to 100"],
    [{ usd: 3, floor: "1h" }, "an amount in USD above 0"],
    [{ runTime: 3, floor: 5 }, "a duration above 0"],
    [{ runTime: 3, floor: "0s" }, "a duration above 0"],
  ])("refuses %j", (written, message) => {
    expect(() => limitOf({ timesTypical: written })).toThrow(message);
  });
});
