import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isLimitRule,
  type LimitRule,
  type Observation,
  type Policy,
  type Rule,
} from "../../../../src/policy/index.ts";
import { inputs, mixedInputs } from "../../arbitraries/inputs.ts";
import { RUNS, ruleIds } from "../../arbitraries/odds.ts";
import { unnamedRules } from "../../arbitraries/rules.ts";
import { looksOf } from "../../arbitraries/runs.ts";
import { called, condemned, expectSubset, roomy, unguarded, withRules } from "./stopped-by.ts";

/** Every look of these rules was made so long ago, whatever it is a look at. */
const held = (
  seen: readonly Observation[],
  ...lists: readonly (readonly LimitRule[])[]
): readonly Observation[] =>
  seen.map((each) => ({
    ...each,
    life: { ...each.life, looks: Object.assign({}, ...lists.map((list) => looksOf(list, [600]))) },
  }));

describe("decide() is monotone", () => {
  it("spares no run under a lower limit that it stops under a higher one", () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 99 }), (input, percent) => {
        const rules = input.policy.rules.filter(isLimitRule);
        const lower = rules.map((rule) => ({
          ...rule,
          limit: { ...rule.limit, value: (rule.limit.value * percent) / 100 },
        }));
        const observations = held(input.observations, rules, lower);
        const of = { ...unguarded(roomy(input)), observations };
        expectSubset(condemned(of), condemned(withRules(of, lower)));
      }),
      RUNS,
    );
  });

  it("spares no run at a lower share that it stops at a higher one", () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 99 }), (input, percent) => {
        const rules = input.policy.rules.filter(isLimitRule);
        const lower = rules.map((rule) => ({
          ...rule,
          steps: rule.steps.map((step) => ({ ...step, at: (step.at * percent) / 100 })),
        }));
        const observations = held(input.observations, rules, lower);
        const of = { ...unguarded(roomy(input)), observations };
        expectSubset(condemned(of), condemned(withRules(of, lower)));
      }),
      RUNS,
    );
  });

  it("spares no run for a higher figure", () => {
    const more = (figures: Readonly<Record<string, number>> = {}, by: number) =>
      Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, figure + by]));
    /** Costs, does and lasts more. What it was started with and what is usual for it stay. */
    const grown = ({ run, life, ...rest }: Observation, by: number): Observation => {
      const { detail, usageTotalMicroUsd: cost } = run;
      const earlier = (date: Date): Date => new Date(date.getTime() - by * 1000);
      return {
        ...rest,
        ...(rest.measuredBurnMicroUsdPerHour !== undefined && {
          measuredBurnMicroUsdPerHour: rest.measuredBurnMicroUsdPerHour + by,
        }),
        life: {
          ...life,
          since: earlier(life.since),
          ...(life.readyUntil && { readyUntil: earlier(life.readyUntil) }),
          ...(life.stoppingSince && { stoppingSince: earlier(life.stoppingSince) }),
        },
        run: {
          ...run,
          ...(cost !== undefined && { usageTotalMicroUsd: cost + by }),
          ...(detail && {
            detail: {
              ...detail,
              stats: more(detail.stats, by),
              ...(detail.usage && { usage: more(detail.usage, by) }),
              ...(detail.usageMicroUsd && { usageMicroUsd: more(detail.usageMicroUsd, by) }),
              ...(detail.events && { events: more(detail.events, by) }),
            },
          }),
        },
      };
    };
    fc.assert(
      fc.property(inputs, fc.integer({ min: 0, max: 5_000_000 }), (input, by) => {
        // Less is worse there: what a run does more of takes it out of idleness.
        const rules = input.policy.rules.filter(({ limit }) => limit?.metric !== "idleTime");
        const of = withRules(unguarded(roomy(input)), rules);
        const observations = of.observations.map((each) => grown(each, by));
        expectSubset(condemned(of), condemned({ ...of, observations }));
      }),
      RUNS,
    );
  });

  it("takes no stop of a run away for a rule that is added, where there is room for all", () => {
    const added = fc.record({ rule: unnamedRules, mode: fc.constantFrom("observe", "enforce", undefined) });
    fc.assert(
      fc.property(mixedInputs, added, fc.nat({ max: 4 }), (input, { rule, mode }, place) => {
        const more: Rule = { ...rule, id: ruleIds[4], ...(mode && { mode }) };
        const rules = input.policy.rules.toSpliced(place, 0, more);
        const of = roomy(input);
        expectSubset(called(of), called(withRules(of, rules)));
        expectSubset(condemned(of), condemned(withRules(of, rules)));
      }),
      RUNS,
    );
  });
});

describe("what is generated here", () => {
  it("makes each property say something: stops with and without what is added or spoilt", () => {
    const sample = fc.sample(inputs, { numRuns: 500, seed: 2 });
    const stopped = sample.filter((input) => condemned(roomy(input)).length > 0).length;
    expect(stopped).toBeGreaterThan(100);
    const unnamed: readonly Policy[] = sample.map(({ policy }) => policy);
    expect(unnamed.some(({ rules }) => rules.some((rule) => rule.for?.except !== undefined))).toBe(true);
  });
});
