import { describe, expect, it } from "vitest";
import type { Schedule, Step } from "../../../../src/policy/index.ts";
import { at, observation, policy, rule, runOfUnknownCost, step, usd } from "../../../support/builders.ts";
import { brief, costing, decided, runTimeRule } from "./deciding.ts";

describe("decide()", () => {
  it("counts a run of unknown cost, and still judges it by its time", () => {
    const blind = observation({ run: runOfUnknownCost({ id: "blind" }) });
    const { decisions, unknownCost, unjudged } = decided(policy({ rules: [rule(), runTimeRule] }), [blind]);
    expect(decisions.map(brief)).toEqual(["blind time abort -"]);
    expect([unknownCost, unjudged]).toEqual([["blind"], { "usageTotalUsd unknown": 1 }]);
  });

  it("counts no run of unknown cost that is young or that no rule on cost is meant for", () => {
    const young = observation({ run: runOfUnknownCost({ startedAt: at(-60) }) });
    const other = observation({ run: runOfUnknownCost({ origin: "WEB" }) });
    const rules = [rule({ for: { origins: ["API"] } })];
    expect(decided(policy({ rules }), [young, other])).toEqual({
      decisions: [],
      budgets: [],
      holds: [],
      unknownCost: [],
      unjudged: {},
    });
  });

  it("counts once per run and reason what rules could not judge", () => {
    const rules = [
      rule({ id: "a", for: { actors: ["acme/shop"] } }),
      rule({ id: "b", for: { except: { actors: ["acme/mail"] } } }),
      rule({ id: "c", limit: { metric: "stats.netRxBytes", value: 5 } }),
      rule({ id: "d", limit: { metric: "stats.netRxBytes", value: 9 } }),
    ];
    expect(decided(policy({ rules }), [costing("x", 9), costing("y", 9)])).toEqual({
      decisions: [],
      budgets: [],
      holds: [],
      unknownCost: [],
      unjudged: { "name not resolved": 2, "stats.netRxBytes unknown": 2 },
    });
  });

  it("counts unknown cost of a run that has an open intent too", () => {
    const blind = observation({ run: runOfUnknownCost({ id: "blind" }) });
    expect(decided(policy(), [blind], { openRunIds: new Set(["blind"]) }).unknownCost).toEqual(["blind"]);
  });
});

describe("decide() says what it could not judge", () => {
  const blind = observation({ run: runOfUnknownCost({ id: "blind" }) });
  const priced = observation({
    run: runOfUnknownCost({
      id: "priced",
      detail: { stats: {}, events: { result: 9 }, eventMicroUsd: { result: usd(1) } },
    }),
    source: "detail",
    ownActor: false,
  });
  const estimate: Step = { ...step(100, "abort"), basis: "estimate" };

  it("counts a run of unknown cost although an estimate stops it", () => {
    const of = policy({ rules: [rule({ steps: [step(50, "notify"), estimate] })] });
    const { decisions, unknownCost, unjudged } = decided(of, [priced]);
    expect(decisions.map(brief)).toEqual(["priced no-run-over-5-usd abort -"]);
    expect([unknownCost, unjudged]).toEqual([["priced"], { "usageTotalUsd unknown": 1 }]);
  });

  it("does not count it where every step asks for the estimate, and that is known", () => {
    const of = policy({ rules: [rule({ steps: [estimate] })] });
    expect(decided(of, [priced])).toMatchObject({ unknownCost: [], unjudged: {} });
    expect(decided(of, [blind])).toMatchObject({ unknownCost: ["blind"] });
  });

  it("counts a run whose estimate may be above the bill, and not as one whose cost is not reported", () => {
    const of = policy({ rules: [rule({ steps: [estimate] })] });
    const { usageTotalMicroUsd: _unknown, ...free } = priced.run;
    const whosever = observation({
      ...priced,
      run: { ...free, usageTotalMicroUsd: usd(1) },
      ownActor: undefined,
    });
    const { decisions, unknownCost, unjudged } = decided(of, [whosever]);
    expect([decisions, unknownCost]).toEqual([[], []]);
    expect(unjudged).toEqual({ "usageTotalUsd may be above the bill": 1 });
  });

  it("counts a run of unknown cost once, whatever rules ask for it", () => {
    const of = policy({ rules: [rule({ id: "a" }), rule({ id: "b" })] });
    expect(decided(of, [blind]).unknownCost).toEqual(["blind"]);
  });

  it("does not take another figure that is unknown for the cost", () => {
    const rules = [rule({ limit: { metric: "stats.netRxBytes", value: 5 } })];
    expect(decided(policy({ rules }), [costing("x", 9)])).toMatchObject({
      unknownCost: [],
      unjudged: { "stats.netRxBytes unknown": 1 },
    });
  });

  it("tells names that were not resolved from settings that were not told", () => {
    const rules = [
      rule({ id: "a", for: { actors: ["acme/x"] } }),
      rule({ id: "b", for: { builds: ["latest"] } }),
      rule({ id: "c", for: { except: { memory: [{ op: ">", mbytes: 1 }] } } }),
    ];
    expect(decided(policy({ rules }), [costing("x", 9)])).toEqual({
      decisions: [],
      budgets: [],
      holds: [],
      unknownCost: [],
      unjudged: { "name not resolved": 1, "settings not reported": 1 },
    });
  });

  it("counts nothing of rules that are not scheduled or not meant for the run", () => {
    const never: Schedule = { hours: [{ from: 0, to: 1 }], timeZone: "UTC" };
    const rules = [
      rule({ id: "a", schedule: never }),
      rule({ id: "b", for: { origins: ["WEB"] } }),
      rule({ id: "c", limit: { metric: "queueTime", value: 1 } }),
    ];
    expect(decided(policy({ rules }), [blind])).toEqual({
      decisions: [],
      budgets: [],
      holds: [],
      unknownCost: [],
      unjudged: {},
    });
  });

  it("is silent on what is usual while there are too few runs to compare with", () => {
    const limit = { metric: "timesTypical.usd", value: 3, options: { samples: 10, floor: 1 } };
    const seen = observation({ typical: { usageTotalMicroUsd: { median: 1, runs: 9 } } });
    expect(decided(policy({ rules: [rule({ limit })] }), [seen])).toEqual({
      decisions: [],
      budgets: [],
      holds: [],
      unknownCost: [],
      unjudged: {},
    });
  });
});
