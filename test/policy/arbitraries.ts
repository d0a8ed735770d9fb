import fc from "fast-check";
import {
  type Blast,
  type ControlView,
  type DecideInput,
  type Exemption,
  isLimitRule,
  type LimitRule,
  type Observation,
  type Policy,
  type RecentIntent,
  type Rule,
  type RuleLimit,
  type RuleStep,
  type Run,
  type RunDetail,
  type RunSettings,
  type Schedule,
  type Selector,
} from "../../src/policy/index.ts";
import { limitKey } from "../../src/policy/limits/limit.ts";
import type { Criteria } from "../../src/policy/policy.ts";
import { at, HOUR, life, NOON, observation, run, usd } from "../support/builders.ts";

/** Policies, runs and control planes as they may come, with figures and limits near enough to meet often. */

/** How often to try a property on what `decide` gets; fewer where many mutants are tried. */
export const RUNS = { numRuns: Number(process.env.FC_RUNS ?? 250) };

const runIds = ["r1", "r2", "r3", "r4", "r5", "r6"] as const;
export const ruleIds = ["rule1", "rule2", "rule3", "rule4", "rule5"] as const;
const actorIds = ["actor1", "actor2"] as const;

const status = fc.constantFrom(
  "READY",
  "RUNNING",
  "RUNNING",
  "RUNNING",
  "RUNNING",
  "RUNNING",
  "RUNNING",
  "ABORTING",
  "TIMING-OUT",
  "SUCCEEDED",
  "NEW",
);
/** Mostly there: most runs must have something to be judged by. */
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 6 });
const rarely = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const defined = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** Often open at noon of a Tuesday, which is when everything happens here. */
export const schedules: fc.Arbitrary<Schedule> = fc
  .record({
    days: rarely(fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 })),
    hours: maybe(
      fc.array(
        fc
          .record({
            from: fc.constantFrom(0, 360, 719, 720, 1080),
            to: fc.constantFrom(0, 360, 720, 721, 1440),
          })
          .filter(({ from, to }) => from !== to),
        { minLength: 1, maxLength: 2 },
      ),
    ),
    timeZone: fc.constantFrom("UTC", "Europe/Prague", "America/New_York", "Asia/Kathmandu"),
  })
  .map((schedule) => ({ ...defined(schedule), timeZone: schedule.timeZone }));

const stepAt = (at: number, isEstimated: boolean): fc.Arbitrary<RuleStep> =>
  fc
    .record({
      do: fc.constantFrom("notify", "abort", "abort", "abort-now" as const),
      basis: isEstimated ? rarely(fc.constant("estimate" as const)) : fc.constant(undefined),
      schedule: rarely(schedules),
    })
    .map(({ do: action, ...rest }) => ({ at, do: action, ...defined(rest) }));

const stepsFor = ({ metric }: RuleLimit): fc.Arbitrary<readonly RuleStep[]> =>
  fc
    .uniqueArray(fc.constantFrom(20, 50, 80, 100, 150), { minLength: 1, maxLength: 3 })
    .chain((shares) =>
      fc.tuple(...shares.sort((a, b) => a - b).map((share) => stepAt(share, metric === "usageTotalUsd"))),
    );

const limitOf = (metric: string, value: fc.Arbitrary<number>): fc.Arbitrary<RuleLimit> =>
  fc.record({ metric: fc.constant(metric), value });
const money = fc.integer({ min: 1, max: 10 }).map(usd);
const time = fc.integer({ min: 1, max: HOUR });
const number = fc.integer({ min: 1, max: 100 });
const times = fc.constantFrom(0.5, 1, 2, 3);

/** One of each kind of limit, the cost more often than the others. */
export const limits: fc.Arbitrary<RuleLimit> = fc.oneof(
  { weight: 4, arbitrary: limitOf("usageTotalUsd", money) },
  ...["runTime", "queueTime", "abortingTime"].map((metric) => limitOf(metric, time)),
  ...["stats.netRxBytes", "stats.cpuAvgUsage", "usage.PROXY_SERPS", "events.result"].map((metric) =>
    limitOf(metric, number),
  ),
  ...["usdPerHour", "usageUsd.PROXY_SERPS"].map((metric) => limitOf(metric, money)),
  limitOf("noTimeout", fc.constant(1)),
  {
    weight: 4,
    arbitrary: fc.record({
      metric: fc.constant("idleTime"),
      value: fc.constantFrom(60, 600, 3000),
      options: fc.record({ cpuBelow: fc.constantFrom(1, 5), trafficBelow: fc.constantFrom(100, 1_000_000) }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      metric: fc.constant("timesTypical.usd"),
      value: times,
      options: fc.record({ samples: fc.constantFrom(1, 10), floor: money }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      metric: fc.constant("timesTypical.runTime"),
      value: times,
      options: fc.record({ samples: fc.constantFrom(1, 10), floor: time }),
    }),
  },
);

const several = <T>(...values: readonly T[]): fc.Arbitrary<readonly T[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
const allCriteria = fc.record({
  actors: several("actor1", "acme/a*", "*"),
  tasks: several("task1", "acme/t*"),
  origins: several("API", "WEB", "STANDBY"),
  builds: several("latest", "0.1.*"),
  memory: fc.array(
    fc.record({
      op: fc.constantFrom("=", "<", "<=", ">", ">=" as const),
      mbytes: fc.constantFrom(512, 1024, 4096),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  pricingModels: several("PAY_PER_EVENT", "FREE", "NONE"),
});
/** One or two keys: more would seldom match anything. */
export const criteria: fc.Arbitrary<Criteria> = allCriteria.chain((all) =>
  fc
    .subarray(Object.entries(all), { minLength: 1, maxLength: 2 })
    .map((keys): Criteria => Object.fromEntries(keys)),
);
const selectors: fc.Arbitrary<Selector> = fc.oneof(
  criteria,
  fc.record({ actors: several("actor1", "*") }),
  fc.record({ origins: several("API", "WEB", "STANDBY") }),
  criteria.map((except) => ({ except })),
);

/** A rule without an id. */
export const unnamedRules: fc.Arbitrary<Omit<LimitRule, "id">> = limits.chain((limit) =>
  fc
    .record({
      for: rarely(selectors),
      schedule: rarely(schedules),
      owner: rarely(fc.constantFrom("shop", "mail")),
      steps: stepsFor(limit),
    })
    .map(({ steps, ...rest }) => ({ ...defined(rest), limit, steps })),
);

export const rules: fc.Arbitrary<readonly LimitRule[]> = fc
  .array(unnamedRules, { minLength: 1, maxLength: ruleIds.length - 1 })
  .map((list) => list.map((each, i) => ({ id: ruleIds[i] ?? "rule", ...each })));

const maxAborts = fc.record({
  perTick: fc.integer({ min: 0, max: 6 }),
  perHour: fc.integer({ min: 0, max: 9 }),
  percentOfLive: fc.integer({ min: 0, max: 100 }),
});

const policyWith = (of: fc.Arbitrary<readonly Rule[]>): fc.Arbitrary<Policy> =>
  fc
    .record({
      mode: fc.constantFrom("observe", "enforce" as const),
      owner: maybe(fc.constant("ops")),
      rules: of,
      maxAborts,
    })
    .map(({ maxAborts: most, owner, ...rest }) => ({
      version: 1,
      timeZone: "UTC",
      escalation: { forceAfterSecs: 60, alarmAfterSecs: 300 },
      guards: { maxAborts: most, staleAfterSecs: 600 },
      ...(owner !== undefined && { owner }),
      ...rest,
    }));

/** No rule has a mode of its own, so the policy's decides. */
export const policies = policyWith(rules);

/** Some rules have a mode of their own. */
export const mixedPolicies = policyWith(
  rules.chain((list) =>
    fc
      .tuple(...list.map(() => fc.constantFrom("observe", "enforce", undefined)))
      .map((modes) => list.map((rule, i) => ({ ...rule, ...defined({ mode: modes[i] }) }))),
  ),
);

/** Figures as Apify may tell them; now and then one that is none. */
const figure = (max: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 19, arbitrary: fc.integer({ min: 0, max }) },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  );
const figures = (...names: readonly string[]) => fc.dictionary(fc.constantFrom(...names), figure(200));

const details: fc.Arbitrary<RunDetail> = fc
  .record({
    stats: fc
      .record({
        netRxBytes: maybe(figure(200)),
        cpuAvgUsage: maybe(figure(200)),
        cpuCurrentUsage: maybe(fc.constantFrom(0, 0, 3, 90, Number.NaN)),
      })
      .map(defined),
    usage: maybe(fc.record({ PROXY_SERPS: figure(200) })),
    usageMicroUsd: maybe(fc.record({ PROXY_SERPS: figure(usd(10)) })),
    events: maybe(figures("result", "start")),
    eventMicroUsd: maybe(fc.dictionary(fc.constantFrom("result", "start"), figure(usd(0.1)))),
  })
  .map(({ stats, ...rest }) => ({ stats, ...defined(rest) }));

const settings: fc.Arbitrary<RunSettings> = fc
  .record({
    build: maybe(fc.constantFrom("latest", "beta")),
    buildNumber: maybe(fc.constantFrom("0.1.7", "0.2.1")),
    memoryMbytes: maybe(fc.constantFrom(256, 1024, 4096, Number.NaN)),
    timeoutSecs: maybe(fc.constantFrom(0, 3600, Number.NaN)),
    pricingModel: maybe(fc.constantFrom("PAY_PER_EVENT", "FREE", "NONE")),
  })
  .map(defined);

const runOf = fc
  .record({
    actorId: fc.constantFrom(...actorIds),
    actorTaskId: maybe(fc.constantFrom("task1", "task2")),
    status,
    origin: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom("API", "API", "WEB", "STANDBY") },
      fc.constant(undefined),
    ),
    startedAt: fc.integer({ min: 0, max: 2 * HOUR }).map((secs) => at(-secs)),
    usageTotalMicroUsd: maybe(fc.oneof(fc.integer({ min: 0, max: 20 }).map(usd), fc.constant(Number.NaN))),
    detail: maybe(details),
    settings: maybe(settings),
  })
  .map((figures): Omit<Run, "id"> => {
    const { id: _id, origin: _origin, usageTotalMicroUsd: _cost, ...rest } = run();
    return { ...rest, ...defined(figures) };
  });

const typicalOf = (most: number) =>
  fc.record({ median: figure(most), runs: fc.constantFrom(1, 9, 10, 30, 30, Number.NaN) });
const activities = fc
  .record({
    overSecs: fc.constantFrom(0, 30, 60, 60, 120),
    netBytes: maybe(fc.oneof(fc.constant(90), figure(2_000_000))),
    outputs: maybe(fc.constantFrom(0, 0, 0, 1, Number.NaN)),
  })
  .map(({ overSecs, ...rest }) => ({ overSecs, ...defined(rest) }));

/** Since when each step of each gauge, and each state that a limit times, has held: some long, some just now. */
export function looksOf(list: readonly LimitRule[], since: readonly number[]): Observation["life"]["looks"] {
  const keys = list.flatMap(({ id, limit, steps }) => [
    limitKey(limit),
    ...steps.map(({ at: share }) => `${id}@${share}/${limitKey(limit)}`),
  ]);
  const marks = keys.flatMap((key, i) => {
    const secs = since[i % Math.max(1, since.length)] ?? 0;
    return secs === 0 ? [] : [[key, at(-secs)] as const];
  });
  return Object.fromEntries(marks);
}

const ages = fc.array(fc.constantFrom(0, 30, 60, 600, 3000, 3000), { minLength: 1, maxLength: 7 });

/** At most one of each run. Names are known of some. */
export const observationsFor = (of: readonly Rule[]): fc.Arbitrary<readonly Observation[]> =>
  fc
    .uniqueArray(
      fc.record({
        id: fc.constantFrom(...runIds),
        seen: runOf,
        number: fc.nat({ max: 1 }),
        ages,
        readyFor: rarely(fc.integer({ min: 0, max: HOUR })),
        stoppingFor: maybe(fc.integer({ min: 0, max: HOUR })),
        more: fc.record({
          actorName: maybe(fc.constantFrom("acme/alpha", "acme/beta")),
          taskName: maybe(fc.constantFrom("acme/tom", "acme/jerry")),
          burnMicroUsdPerHour: maybe(fc.integer({ min: 0, max: 5 }).map(usd)),
          measuredBurnMicroUsdPerHour: maybe(
            fc.oneof(fc.integer({ min: 0, max: 20 }).map(usd), fc.constant(Number.NaN)),
          ),
          activity: maybe(activities),
          typical: maybe(
            fc
              .record({ usageTotalMicroUsd: maybe(typicalOf(usd(5))), runTimeSecs: maybe(typicalOf(HOUR)) })
              .map(defined),
          ),
        }),
      }),
      { selector: ({ id }) => id, minLength: 1, maxLength: 4 },
    )
    .map((list) =>
      list.map(({ id, seen, number: lifeNumber, ages: since, readyFor, stoppingFor, more }) => {
        const marks = defined({
          readyUntil: readyFor === undefined ? undefined : at(-readyFor),
          stoppingSince: stoppingFor === undefined ? undefined : at(-stoppingFor),
        });
        return observation({
          run: { ...seen, id },
          source: seen.detail ? "detail" : "list",
          life: life({
            number: lifeNumber,
            since: seen.startedAt,
            looks: looksOf(of.filter(isLimitRule), since),
            ...marks,
          }),
          ...defined(more),
        });
      }),
    );

const subject = fc.oneof(
  fc.record({ kind: fc.constant("run" as const), id: fc.constantFrom(...runIds) }),
  fc.record({ kind: fc.constant("actor" as const), id: fc.constantFrom(...actorIds) }),
  fc.record({ kind: fc.constant("task" as const), id: fc.constantFrom("task1", "task2") }),
  fc.record({ kind: fc.constant("rule" as const), id: fc.constantFrom(...ruleIds) }),
);

export const exemptions: fc.Arbitrary<Exemption> = fc.oneof(
  fc.record(
    {
      kind: fc.constant("valid" as const),
      subject,
      until: fc.integer({ min: -HOUR, max: HOUR }).map(at),
      ceilingMicroUsd: fc.integer({ min: 0, max: 20 }).map(usd),
      owner: fc.constant("ada"),
      reason: fc.constant("backfill"),
    },
    { requiredKeys: ["kind", "subject", "until", "owner", "reason"] },
  ),
  fc.record({ kind: fc.constant("malformed" as const), subject, problem: fc.constant("no date") }),
);

export const pauses: fc.Arbitrary<NonNullable<ControlView["pause"]>> = fc.record(
  {
    since: fc.constant(at(-HOUR)),
    until: fc.integer({ min: -HOUR, max: HOUR }).map(at),
    by: fc.constant("ada"),
    reason: fc.constant("incident"),
  },
  { requiredKeys: ["since", "by", "reason"] },
);

const recentIntents: fc.Arbitrary<readonly RecentIntent[]> = fc.array(
  fc.record({
    runId: fc.constantFrom(...runIds, "gone1", "gone2", "gone3"),
    life: fc.nat({ max: 1 }),
    at: fc.integer({ min: 0, max: 2 * HOUR }).map((secs) => at(-secs)),
    tickId: fc.constantFrom("tick-now", "tick-before"),
    tickEndsBy: fc.integer({ min: -60, max: 60 }).map(at),
  }),
  { maxLength: 6 },
);

export const controls: fc.Arbitrary<ControlView> = fc
  .record({
    pause: fc.option(pauses, { nil: undefined, freq: 4 }),
    exemptions: fc.array(exemptions, { maxLength: 2 }),
    recentIntents,
    openRunIds: fc.uniqueArray(fc.constantFrom(...runIds), { maxLength: 2 }).map((ids) => new Set(ids)),
  })
  .map(({ pause, ...rest }) => ({ ...rest, ...(pause && { pause }) }));

export const blastOf = (seen: readonly Observation[]): Blast => ({
  tick: { id: "tick-now", startedAt: at(-5) },
  liveRunIds: new Set(seen.map(({ run: { id } }) => id)),
});

const inputsWith = (of: fc.Arbitrary<Policy>): fc.Arbitrary<DecideInput> =>
  of.chain((policy) =>
    fc
      .record({ policy: fc.constant(policy), observations: observationsFor(policy.rules), control: controls })
      .map((input) => ({ ...input, blast: blastOf(input.observations), now: NOON })),
  );

/** One run and one rule of any kind that is meant for every run: little in the way of what the figures say. */
export const plainInputs: fc.Arbitrary<DecideInput> = inputsWith(
  fc.tuple(policies, limits, fc.constantFrom(20, 100)).map(([policy, limit, share]) => ({
    ...policy,
    mode: "enforce",
    rules: [{ id: ruleIds[0], limit, steps: [{ at: share, do: "abort" }] }],
  })),
).map((input) => ({
  ...input,
  observations: input.observations.slice(0, 1),
  control: { exemptions: [], recentIntents: [], openRunIds: new Set() },
}));

export const inputs = inputsWith(policies);
export const mixedInputs = inputsWith(mixedPolicies);
