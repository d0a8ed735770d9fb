import fc from "fast-check";
import type {
  Blast,
  ControlView,
  DecideInput,
  Exemption,
  Observation,
  Policy,
  RecentIntent,
  Rule,
  Run,
  Step,
} from "../../src/policy/index.ts";
import { at, HOUR, life, NOON, observation, run, usd } from "../support/builders.ts";

/** Policies, runs and control planes as they may come, with figures and limits near enough to meet often. */

const runIds = ["r1", "r2", "r3", "r4", "r5", "r6"] as const;
const ruleIds = ["rule1", "rule2", "rule3", "rule4"] as const;
const actorIds = ["actor1", "actor2"] as const;

const status = fc.constantFrom(
  "READY",
  "RUNNING",
  "RUNNING",
  "RUNNING",
  "ABORTING",
  "TIMING-OUT",
  "SUCCEEDED",
  "NEW",
);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const steps: fc.Arbitrary<readonly Step[]> = fc
  .uniqueArray(fc.constantFrom(50, 80, 100, 150), { minLength: 1, maxLength: 3 })
  .chain((shares) =>
    fc.tuple(
      ...shares
        .sort((a, b) => a - b)
        .map((share) =>
          fc.record({ at: fc.constant(share), do: fc.constantFrom("notify", "abort", "abort-now" as const) }),
        ),
    ),
  );

const limit: fc.Arbitrary<Rule["limit"]> = fc.oneof(
  fc.record({ metric: fc.constant("usageTotalUsd"), value: fc.integer({ min: 1, max: 10 }).map(usd) }),
  fc.record({
    metric: fc.constantFrom("runTime", "queueTime", "abortingTime"),
    value: fc.integer({ min: 1, max: 2 * HOUR }),
  }),
  fc.record({
    metric: fc.constantFrom("stats.netRxBytes", "stats.cpuAvgUsage"),
    value: fc.integer({ min: 1, max: 100 }),
  }),
);

const criteria = fc.record(
  {
    actors: fc.array(fc.constantFrom("actor1", "acme/a*", "*"), { minLength: 1, maxLength: 2 }),
    origins: fc.array(fc.constantFrom("API", "WEB", "STANDBY"), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);

export const rules: fc.Arbitrary<readonly Rule[]> = fc
  .array(
    fc.record(
      {
        for: fc.oneof(
          criteria,
          criteria.map((except) => ({ except })),
        ),
        limit,
        steps,
      },
      { requiredKeys: ["limit", "steps"] },
    ),
    { maxLength: ruleIds.length },
  )
  .map((list) => list.map((each, i) => ({ id: ruleIds[i] ?? "rule", ...each })));

const maxAborts = fc.record({
  perTick: fc.integer({ min: 0, max: 6 }),
  perHour: fc.integer({ min: 0, max: 9 }),
  percentOfLive: fc.integer({ min: 0, max: 100 }),
});

export const policies: fc.Arbitrary<Policy> = fc
  .record({ mode: fc.constantFrom("observe", "enforce" as const), rules, maxAborts })
  .map(({ maxAborts: most, ...rest }) => ({
    version: 1,
    timeZone: "UTC",
    escalation: { forceAfterSecs: 60, alarmAfterSecs: 300 },
    guards: { maxAborts: most },
    ...rest,
  }));

const runOf = fc
  .record({
    actorId: fc.constantFrom(...actorIds),
    status,
    origin: fc.constantFrom("API", "WEB", "STANDBY"),
    startedAt: fc.integer({ min: 0, max: 2 * HOUR }).map((secs) => at(-secs)),
    cost: maybe(fc.oneof(fc.integer({ min: 0, max: 20 }).map(usd), fc.constant(Number.NaN))),
    stats: maybe(
      fc.dictionary(fc.constantFrom("netRxBytes", "cpuAvgUsage"), fc.integer({ min: 0, max: 200 })),
    ),
  })
  .map(({ cost, stats, ...figures }): Run => {
    const { usageTotalMicroUsd: _default, ...rest } = run(figures);
    return {
      ...rest,
      ...(cost !== undefined && { usageTotalMicroUsd: cost }),
      ...(stats && { detail: { stats } }),
    };
  });

/** At most one of each run. Names are known of some. */
export const observations: fc.Arbitrary<readonly Observation[]> = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom(...runIds),
      seen: runOf,
      number: fc.nat({ max: 1 }),
      actorName: maybe(fc.constantFrom("acme/alpha", "acme/beta")),
      burn: maybe(fc.integer({ min: 0, max: 5 }).map(usd)),
    }),
    { selector: ({ id }) => id },
  )
  .map((list) =>
    list.map(({ id, seen, number, actorName, burn }) =>
      observation({
        run: { ...seen, id },
        life: life({ number, since: seen.startedAt }),
        ...(actorName && { actorName }),
        ...(burn !== undefined && { burnMicroUsdPerHour: burn }),
      }),
    ),
  );

const subject = fc.oneof(
  fc.record({ kind: fc.constant("run" as const), id: fc.constantFrom(...runIds) }),
  fc.record({ kind: fc.constant("actor" as const), id: fc.constantFrom(...actorIds) }),
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

export const inputs: fc.Arbitrary<DecideInput> = fc
  .record({ policy: policies, observations, control: controls })
  .map((input) => ({ ...input, blast: blastOf(input.observations), now: NOON }));
