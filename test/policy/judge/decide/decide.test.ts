import { describe, expect, it } from "vitest";
import {
  exemption,
  life,
  maxAborts,
  NOON,
  observation,
  policy,
  rule,
  run,
  step,
  usd,
} from "../../../support/builders.ts";
import { briefs, costing, decided, decisionsOf, pause } from "./deciding.ts";

describe("decide()", () => {
  it("stops what breaches and says nothing of the rest", () => {
    expect(briefs(policy(), [costing("dear", 7), costing("cheap", 1)])).toEqual([
      "dear no-run-over-5-usd abort -",
    ]);
  });

  it("says of a stop which step of which rule, in which mode, on what evidence", () => {
    const seen = observation({
      run: run({ usageTotalMicroUsd: usd(7) }),
      life: life({ number: 2 }),
    });
    expect(decisionsOf(policy(), [seen])).toEqual([
      {
        subject: { kind: "run", runId: "run1", life: 2 },
        ruleId: "no-run-over-5-usd",
        step: step(100, "abort"),
        action: "abort",
        mode: "enforce",
        evidence: {
          metric: "usageTotalUsd",
          measured: usd(7),
          limit: usd(5),
          unit: "USD",
          observedAt: NOON,
          source: "list",
          basis: "actual",
        },
        also: [],
      },
    ]);
  });

  it("decides nothing about nothing", () => {
    expect(decided(policy(), [])).toEqual({
      decisions: [],
      budgets: [],
      holds: [],
      unknownCost: [],
      unjudged: {},
    });
    expect(decided(policy({ rules: [] }), [costing("dear", 7)]).decisions).toEqual([]);
  });

  it.each(["ABORTING", "TIMING-OUT", "SUCCEEDED", "FAILED", "TIMED-OUT", "ABORTED", "A-STATUS-OF-TOMORROW"])(
    "never judges the cost of a run that is %s",
    (status) => {
      const seen = observation({ run: run({ status, usageTotalMicroUsd: usd(99) }) });
      expect(decided(policy(), [seen])).toEqual({
        decisions: [],
        budgets: [],
        holds: [],
        unknownCost: [],
        unjudged: {},
      });
    },
  );

  it("lets a run that has an open intent have no other stop, but every notice", () => {
    const rules = [rule({ steps: [step(80, "notify"), step(100, "abort"), step(120, "notify")] })];
    const view = { openRunIds: new Set(["dear"]) };
    expect(briefs(policy({ rules }), [costing("dear", 7), costing("other", 7)], view)).toEqual([
      "other no-run-over-5-usd abort -",
      "dear no-run-over-5-usd notify -",
      "other no-run-over-5-usd notify -",
    ]);
  });

  it("notices per rule, of steps reached at once the highest", () => {
    const steps = [step(50, "notify"), step(80, "notify")];
    const rules = [
      rule({ id: "a", steps }),
      rule({ id: "b", steps }),
      rule({ id: "c", steps: [step(200, "notify")] }),
    ];
    expect(
      decisionsOf(policy({ rules }), [costing("r", 7)]).map(({ ruleId, step: { at: share } }) => [
        ruleId,
        share,
      ]),
    ).toEqual([
      ["a", 80],
      ["b", 80],
    ]);
  });

  it("names beside a notice no other rule, for each has its own", () => {
    const steps = [step(50, "notify")];
    const rules = [rule({ id: "a", steps }), rule({ id: "b", steps })];
    expect(decisionsOf(policy({ rules }), [costing("r", 7)]).map(({ also }) => also)).toEqual([[], []]);
  });

  it("gives no notice where the highest step reached is a stop", () => {
    const rules = [rule({ steps: [step(80, "notify"), step(100, "abort")] })];
    expect(briefs(policy({ rules }), [costing("r", 7)])).toEqual(["r no-run-over-5-usd abort -"]);
  });

  it("goes on giving notices while paused, exempt and out of room", () => {
    const rules = [rule({ id: "n", steps: [step(80, "notify")] })];
    const view = { pause, exemptions: [exemption({ subject: { kind: "run", id: "r" } })] };
    expect(briefs(policy({ rules, ...maxAborts({ perTick: 0 }) }), [costing("r", 7)], view)).toEqual([
      "r n notify -",
    ]);
  });

  it("lets a rule's own mode win over the policy's", () => {
    const rules = [rule({ mode: "enforce" })];
    expect(briefs(policy({ mode: "observe", rules }), [costing("r", 7)])).toEqual([
      "r no-run-over-5-usd abort -",
    ]);
  });

  it("lets the dearest burn rate go first, then the dearest run, then the first id", () => {
    const seen = [
      costing("b", 6),
      costing("a", 6),
      costing("old", 90),
      costing("slow", 50, 0.5),
      costing("fast", 6, 20),
    ];
    expect(decisionsOf(policy(), seen).map(({ subject }) => subject.runId)).toEqual([
      "fast",
      "slow",
      "old",
      "a",
      "b",
    ]);
  });

  it("stops runs by what they did, not by how they were sorted: the observations stay as they were", () => {
    const seen = Object.freeze([costing("a", 6, 1), costing("b", 6, 2)]);
    expect(() => decisionsOf(policy(), seen)).not.toThrow();
  });
});
