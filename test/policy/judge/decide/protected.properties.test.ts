import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, type Exemption, type Observation, type Rule } from "../../../../src/policy/index.ts";
import { matchSelector } from "../../../../src/policy/judge/selector.ts";
import type { Criteria } from "../../../../src/policy/policy.ts";
import { usd } from "../../../support/builders.ts";
import { exemptions } from "../../arbitraries/controls.ts";
import { mixedInputs, plainInputs } from "../../arbitraries/inputs.ts";
import { actorIds, RUNS, ruleIds } from "../../arbitraries/odds.ts";
import { criteria, schedules } from "../../arbitraries/rules.ts";
import { called, condemned, expectSubset, roomy, withRules } from "./stopped-by.ts";

describe("what protects a run never adds a stop", () => {
  const narrowed = (change: fc.Arbitrary<(rule: Rule) => Rule>): void =>
    fc.assert(
      fc.property(mixedInputs, change, fc.nat({ max: 3 }), (input, narrow, which) => {
        const rules = input.policy.rules.map((rule, i) => (i === which ? narrow(rule) : rule));
        const of = roomy(input);
        expectSubset(called(withRules(of, rules)), called(of));
        expectSubset(condemned(withRules(of, rules)), condemned(of));
      }),
      RUNS,
    );

  it("a schedule for a rule", () => {
    narrowed(
      schedules.map((schedule) => (rule) => (rule.schedule === undefined ? { ...rule, schedule } : rule)),
    );
  });

  it("a schedule for a step", () => {
    narrowed(
      fc.tuple(schedules, fc.nat({ max: 2 })).map(([schedule, which]) => (rule) => ({
        ...rule,
        steps: rule.steps.map((step, i) => (i === which && !step.schedule ? { ...step, schedule } : step)),
      })),
    );
  });

  it("an exception", () => {
    narrowed(
      criteria.map(
        (except) => (rule) => (rule.for?.except ? rule : { ...rule, for: { ...rule.for, except } }),
      ),
    );
  });

  it("observing a rule", () => {
    fc.assert(
      fc.property(mixedInputs, fc.nat({ max: 3 }), (input, which) => {
        const rules = input.policy.rules.map(
          (rule, i): Rule => (i === which ? { ...rule, mode: "observe" } : rule),
        );
        expectSubset(called(withRules(roomy(input), rules)), called(roomy(input)));
      }),
      RUNS,
    );
  });

  it("an exemption, malformed and without a subject, too", () => {
    const all = fc.oneof(exemptions, fc.constant<Exemption>({ kind: "malformed", problem: "no JSON" }));
    fc.assert(
      fc.property(mixedInputs, all, (input, exemption) => {
        const control = { ...input.control, exemptions: [...input.control.exemptions, exemption] };
        const of = roomy(input);
        expectSubset(called({ ...of, control }), called(of));
        if (exemption.kind === "malformed" && !exemption.subject)
          expect(called({ ...of, control })).toEqual([]);
      }),
      RUNS,
    );
  });

  it("a raise of one rule for one Actor: below its ceiling as if there were no such rule, from there on as if it were not raised", () => {
    const raises = fc.record({
      actorId: fc.constantFrom(...actorIds),
      ruleId: fc.constantFrom(...ruleIds),
      ceilingMicroUsd: fc.integer({ min: 0, max: 12 }).map(usd),
    });
    fc.assert(
      fc.property(mixedInputs, raises, (input, { actorId, ruleId, ceilingMicroUsd }) => {
        const of = roomy(input);
        const raise: Exemption = {
          kind: "valid",
          subject: { kind: "actor", id: actorId, ruleId },
          until: new Date(of.now.getTime() + 1),
          ceilingMicroUsd,
          owner: "ada",
          reason: "sale",
        };
        const isRaised = ({ run }: Observation): boolean =>
          run.actorId === actorId && !((run.usageTotalMicroUsd ?? 0) >= ceilingMicroUsd);
        const raised = new Set(of.observations.filter(isRaised).map(({ run }) => run.id));
        const others = withRules(
          of,
          of.policy.rules.filter(({ id }) => id !== ruleId),
        );
        const exemptions = [...of.control.exemptions, raise];
        const expected = [
          ...called(others).filter((id) => raised.has(id)),
          ...called(of).filter((id) => !raised.has(id)),
        ];
        expect(called({ ...of, control: { ...of.control, exemptions } }).toSorted()).toEqual(
          expected.toSorted(),
        );
      }),
      RUNS,
    );
  });

  it("names that are not resolved and settings that are not told", () => {
    /** Hangs on names alone, or on settings. */
    const asksFor = ({ actors = [], tasks = [], builds, memory, pricingModels }: Criteria): boolean => {
      const areNames = (patterns: readonly string[]): boolean =>
        patterns.length > 0 && patterns.every((pattern) => pattern.includes("/"));
      return areNames(actors) || areNames(tasks) || (builds ?? memory ?? pricingModels) !== undefined;
    };
    fc.assert(
      fc.property(plainInputs, criteria.filter(asksFor), fc.boolean(), (input, keys, isExcept) => {
        const observations = input.observations.map(
          ({ actorName: _a, taskName: _t, ...each }): Observation => {
            const { settings: _settings, ...run } = each.run;
            return { ...each, run: { ...run, actorTaskId: "task3" } };
          },
        );
        const selector = isExcept ? { except: keys } : keys;
        const rules = input.policy.rules.map((rule) => ({ ...rule, for: selector }));
        expect(decide({ ...withRules(input, rules), observations }).decisions).toEqual([]);
      }),
      { numRuns: 2 * RUNS.numRuns },
    );
  });

  it("a selector that does not match, or can't be judged", () => {
    fc.assert(
      fc.property(mixedInputs, (input) => {
        const rules = new Map(input.policy.rules.map((rule) => [rule.id, rule]));
        for (const { ruleId, also, subject } of decide(input).decisions) {
          const seen = input.observations.find(({ run }) => run.id === subject.runId);
          for (const id of [ruleId, ...also.map((each) => each.ruleId)])
            expect(seen && matchSelector(rules.get(id)?.for, seen)).toEqual({ kind: "match" });
        }
      }),
      RUNS,
    );
  });
});
