import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, type Observation } from "../../../../src/policy/index.ts";
import { inputs } from "../../arbitraries/inputs.ts";
import { RUNS } from "../../arbitraries/odds.ts";
import { condemned, unguarded, withRules } from "./stopped-by.ts";

describe("decide() counts no look as idle whose stats have not moved", () => {
  it("stops none for idleness that nothing but a look at unmoved stats adds up to", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const rules = input.policy.rules.filter(({ limit }) => limit?.metric === "idleTime");
        const observations = input.observations.map((each): Observation => {
          const { activity, life } = each;
          const since = Object.values(life.looks).map((at) => at.getTime());
          const unmovedSince = new Date(Math.min(...since, each.observedAt.getTime()));
          return activity ? { ...each, activity: { ...activity, unmovedSince } } : each;
        });
        const active = observations.filter(({ run }) => run.status === "RUNNING");
        expect(condemned({ ...unguarded(withRules(input, rules)), observations: active })).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe("decide() stops by no figure that may be above the bill", () => {
  it("by no estimate of an Actor of one's own, or of one that may be", () => {
    const whose = fc.constantFrom(true, undefined);
    fc.assert(
      fc.property(inputs, whose, (input, ownActor) => {
        const observations = input.observations.map((each) => ({ ...each, ownActor }));
        const told = new Map(input.observations.map(({ run }) => [run.id, run.usageTotalMicroUsd]));
        for (const { subject, step, evidence } of decide({ ...unguarded(input), observations }).decisions)
          if (step.do !== "notify" && evidence.basis === "estimate")
            expect(evidence.measured).toBe(told.get(subject.runId));
      }),
      RUNS,
    );
  });
});
