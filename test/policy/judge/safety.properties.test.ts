import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type DecideInput,
  type Decision,
  decide,
  type Exemption,
  isLimitRule,
  type LimitRule,
  type Observation,
  type Policy,
  type Rule,
} from "../../../src/policy/index.ts";
import { matchSelector } from "../../../src/policy/judge/selector.ts";
import type { Criteria } from "../../../src/policy/policy.ts";
import { at } from "../../support/builders.ts";
import {
  criteria,
  exemptions,
  inputs,
  looksOf,
  mixedInputs,
  plainInputs,
  RUNS,
  ruleIds,
  schedules,
  unnamedRules,
} from "../arbitraries.ts";

/** What may never add a stop, and what may never take one away. */

/** The account has room for every stop, so that one run's does not take another's place. */
const ROOM = { maxAborts: { perTick: 1000, perHour: 1000, percentOfLive: 100 }, staleAfterSecs: 600 };
const roomy = (input: DecideInput): DecideInput => ({ ...input, policy: { ...input.policy, guards: ROOM } });
const unguarded = (input: DecideInput): DecideInput => ({
  ...input,
  control: { exemptions: [], recentIntents: [], openRunIds: new Set() },
});
const withRules = (input: DecideInput, rules: readonly Rule[]): DecideInput => ({
  ...input,
  policy: { ...input.policy, rules },
});

const isStop = ({ action }: Decision): boolean => action !== "notify";
/** The runs that something would stop, guards or not. */
const condemned = (input: DecideInput): readonly string[] =>
  decide(input)
    .decisions.filter(isStop)
    .map(({ subject }) => subject.runId);
/** The runs for which abort would be called. */
const called = (input: DecideInput): readonly string[] =>
  decide(input).decisions.flatMap(({ action, mode, subject }) =>
    mode === "enforce" && (action === "abort" || action === "abort-now") ? [subject.runId] : [],
  );
const expectSubset = (some: readonly string[], all: readonly string[]): void =>
  expect(all).toEqual(expect.arrayContaining([...some]));

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

/** Where a value has figures, texts and dates, by path. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null || value instanceof Date) return [path];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, [...path, key]));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

/** A copy with another value at one place, or none. */
function changed<T>(value: T, path: readonly string[], to: unknown): T {
  const copy = structuredClone(value);
  const parent = valueAt(copy, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof parent !== "object" || parent === null || key === undefined) return copy;
  if (to === undefined) Reflect.deleteProperty(parent, key);
  else Reflect.set(parent, key, to);
  return copy;
}

const NO_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const ODD_NUMBERS = [0, -0, -1, -1e308, Number.MIN_VALUE, 1e308, Number.MAX_SAFE_INTEGER + 2, 0.1, null];
const ODD_TEXTS = ["", " ", "*", "constructor", "__proto__", "x".repeat(10_000)];
const ODD_DATES = [new Date(Number.NaN), new Date(0), new Date(8.64e15), new Date(-8.64e15), at(1e9)];

function oddsOf(value: unknown): readonly unknown[] {
  if (typeof value === "number") return [...NO_NUMBERS, ...ODD_NUMBERS];
  if (typeof value === "string") return ODD_TEXTS;
  return value instanceof Date ? ODD_DATES : [];
}

describe("whatever stands in a field", () => {
  /** One field of the observations or of the control state, and something odd in its place. */
  const spoilt = mixedInputs.chain((input) => {
    const of = { observations: input.observations, control: input.control };
    const places = leaves(of).filter((path) => oddsOf(valueAt(of, path)).length > 0);
    if (places.length === 0) return fc.constant({ input, of, path: [] as readonly string[] });
    return fc
      .constantFrom(...places)
      .chain((path) =>
        fc
          .constantFrom(...oddsOf(valueAt(of, path)))
          .map((odd) => ({ input, of: changed(of, path, odd), path })),
      );
  });

  it("decide() throws nothing, and rests every decision on finite figures", () => {
    fc.assert(
      fc.property(spoilt, ({ input, of }) => {
        const { decisions } = decide({ ...input, ...of });
        for (const { evidence } of decisions) {
          const figures = [evidence.measured, evidence.limit, ...Object.values(evidence.facts ?? {})];
          expect(figures.every((each) => Number.isFinite(each))).toBe(true);
        }
      }),
      { numRuns: 3 * RUNS.numRuns },
    );
  });

  /** Every figure of the run in turn; of those that belong together, one without the other is no run. */
  const figuresOf = ({ observations }: DecideInput, needed: readonly string[]) =>
    leaves(observations).filter(
      (path) => typeof valueAt(observations, path) === "number" && !needed.includes(path.at(-1) ?? ""),
    );

  it("no figure that is no number stops a run that would go on without it", () => {
    fc.assert(
      fc.property(plainInputs, (input) => {
        const before = condemned(input);
        for (const path of figuresOf(input, ["number"]))
          for (const odd of NO_NUMBERS) {
            const observations = changed(input.observations, path, odd);
            expectSubset(condemned({ ...input, observations }), before);
          }
      }),
      { numRuns: 3 * RUNS.numRuns },
    );
  });

  it("a figure that is missing is not 0: taking one away stops no run that went on with it", () => {
    fc.assert(
      fc.property(plainInputs, (input) => {
        const before = condemned(input);
        for (const path of figuresOf(input, ["number", "overSecs", "median", "runs"])) {
          const observations = changed(input.observations, path, undefined);
          expectSubset(condemned({ ...input, observations }), before);
        }
      }),
      { numRuns: 3 * RUNS.numRuns },
    );
  });

  it("an end of an exemption or a pause that is no date, and a ceiling that is no number, protect", () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom(...NO_NUMBERS), (input, none) => {
        const never = new Date(Number.NaN);
        const { pause, exemptions: granted } = input.control;
        const of = roomy(input);
        const paused = {
          ...of.control,
          pause: { since: at(-1), by: "ada", reason: "x", ...pause, until: never },
        };
        expect(called({ ...of, control: paused })).toEqual([]);
        const ceilingMicroUsd = Number.isNaN(none) ? none : Number.POSITIVE_INFINITY;
        const spoiltEnds = granted.map(
          (each): Exemption => (each.kind === "valid" ? { ...each, until: never, ceilingMicroUsd } : each),
        );
        expectSubset(called({ ...of, control: { ...of.control, exemptions: spoiltEnds } }), called(of));
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
