import fc from "fast-check";
import {
  isLimitRule,
  type LimitRule,
  type Observation,
  type Rule,
  type Run,
  type RunDetail,
  type RunSettings,
} from "../../../src/policy/index.ts";
import { limitKey } from "../../../src/policy/limits/limit.ts";
import { at, HOUR, life, observation, run, usd } from "../../support/builders.ts";
import { actorIds, defined, maybe, rarely, runIds } from "./odds.ts";

/** Runs as they may be seen, with figures near enough to limits to meet often. */

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
    accountedEvents: rarely(figures("result", "start")),
    eventUsageMicroUsd: rarely(fc.dictionary(fc.constantFrom("result", "start"), figure(usd(10)))),
    chargingStoppedAt: rarely(fc.constant(at(-60))),
  })
  .map(({ stats, ...rest }) => ({ stats, ...defined(rest) }));

const settings: fc.Arbitrary<RunSettings> = fc
  .record({
    build: maybe(fc.constantFrom("latest", "beta")),
    buildNumber: maybe(fc.constantFrom("0.1.7", "0.2.1")),
    memoryMbytes: maybe(fc.constantFrom(256, 1024, 4096, Number.NaN)),
    timeoutSecs: maybe(fc.constantFrom(0, 3600, Number.NaN)),
    pricingModel: maybe(fc.constantFrom("PAY_PER_EVENT", "FREE", "NONE")),
    maxTotalChargeMicroUsd: rarely(fc.integer({ min: 0, max: 10 }).map(usd)),
    capSetByUser: maybe(fc.boolean()),
  })
  .map(defined);

const runOf = fc
  .record({
    actorId: fc.constantFrom(...actorIds),
    actorTaskId: maybe(fc.constantFrom("task1", "task2")),
    scheduleId: rarely(fc.constantFrom("schedule1", "schedule2")),
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
    unmovedSince: rarely(fc.constantFrom(at(-30), at(-HOUR / 2))),
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
          ownActor: maybe(fc.constantFrom(false, false, false, true)),
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
