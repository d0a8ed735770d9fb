import fc from "fast-check";
import type { LimitRule, RuleLimit, RuleStep, Schedule, Selector } from "../../../src/policy/index.ts";
import type { Criteria } from "../../../src/policy/policy.ts";
import { HOUR, usd } from "../../support/builders.ts";
import { defined, maybe, rarely, ruleIds } from "./odds.ts";

/** Rules as they may come, with limits near enough to the figures of runs to meet often. */

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
  limitOf("noCap", fc.constant(1)),
  limitOf("timeout", time),
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
