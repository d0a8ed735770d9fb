import fc from "fast-check";
import { PolicyError } from "../../src/policy/language/errors.ts";
import { parsePolicy } from "../../src/policy/language/parse.ts";
import { ABORT } from "../support/policies.ts";

/** Policies as people write them: what parses, and what does not quite. */

export const rule = (overrides: Record<string, unknown> = {}) => ({
  id: "r1",
  limit: { usageTotalUsd: 5 },
  steps: [ABORT],
  ...overrides,
});
export const document = (overrides: Record<string, unknown> = {}) => ({
  version: 1,
  rules: [rule()],
  ...overrides,
});
/** A rule with a budget instead. */
export const spender = (overrides: Record<string, unknown> = {}) => ({
  id: "b1",
  budget: { usd: 300, per: "month" },
  steps: [ABORT],
  ...overrides,
});
export const withBudget = (overrides: Record<string, unknown> = {}) =>
  document({ rules: [spender(overrides)] });
export const withRule = (overrides: Record<string, unknown>) => document({ rules: [rule(overrides)] });

/** What is refused in a place of a document: what is said to have come there, and what was wanted. */
export type Refused = readonly [what: string, wrong: unknown, got: string, wanted: string];

/** Why a document is refused; throws when it is not. */
export function refusal(of: unknown): PolicyError {
  try {
    parsePolicy(of);
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error("the policy was taken");
}

const usd = fc.constantFrom<unknown>(5, 0.25, 1e-6, 1_000_000, "$5", "2.50 USD", " $ 3usd ", "01000000.0");
const span = fc.constantFrom("90s", "6h", "1d12h", " 1.5h ", "2w1d3h4m5s", "0d45m");
const size = fc.constantFrom<unknown>(
  1,
  1.5,
  "20GB",
  "512 MiB",
  " 3b",
  "0.5tb",
  "1KiB",
  "1kb",
  "2GiB",
  "9TiB",
);
const number = fc.constantFrom(1, 0.001, 99.5, 1e15);
const count = fc.constantFrom(0, 1, 30, 1000);
const one = <T>(...items: readonly T[]) => fc.constantFrom(...items);
const some = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 3 });
/** A record of which each key but the named may be missing. */
const record = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }, ...always: (keyof T)[]) =>
  fc.record(model, { requiredKeys: always });

const schedule = fc
  .record({
    days: some(one("mon-fri", "sat", "fri-mon", "Sun", " TUE-thu")),
    hours: some(one("22:00-06:00", "00:00-24:00", "08:30 - 17:45", "23:59-00:00")),
    timeZone: one("UTC", "Europe/Prague", "America/New_York"),
    keep: one("days", "hours", "both"),
  })
  .map(({ days, hours, timeZone, keep }) => ({
    ...(keep !== "hours" && { days }),
    ...(keep !== "days" && { hours }),
    ...(days.length > 1 && { timeZone }),
  }));

const criteria = {
  actors: some(one("moJRLRc85AitArpNN", "acme/shop-*", "acme~shop", "*", "a_b.c/d-e")),
  tasks: some(one("acme/black-friday", "x9x9x9x9x9x9x9x9x")),
  origins: some(one("SCHEDULER", "API", "STANDBY", "AN_ORIGIN_OF_TOMORROW")),
  builds: some(one("latest", "0.1.*", "beta_2")),
  memory: some(one("4GB", ">=4GB", "< 512 mb", "=1024MB", "<=0.5GB")),
  pricingModels: some(
    one(
      "PAY_PER_EVENT",
      "PRICE_PER_DATASET_ITEM",
      "FLAT_PRICE_PER_MONTH",
      "FREE",
      "NONE",
      "A_MODEL_OF_TOMORROW",
    ),
  ),
};
/** Any keys of these, one at least. */
const criteriaOf = <T extends object>(of: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  record<T>(of).filter((each) => Object.keys(each).length > 0);
const selector = criteriaOf({ ...criteria, except: criteriaOf(criteria) });
const { actors, tasks, origins } = criteria;
const told = { actors, tasks, origins };
const spenders = criteriaOf({ ...told, except: criteriaOf(told) });

const budget = record(
  {
    usd,
    per: one("hour", "day", "week", "month", "cycle"),
    each: one("account", "actor", "task", "schedule", "origin"),
  },
  "usd",
  "per",
);

const limit: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  usd.map((usageTotalUsd) => ({ usageTotalUsd })),
  usd.map((usdPerHour) => ({ usdPerHour })),
  fc
    .tuple(one("runTime", "queueTime", "abortingTime", "idleTime", "timeout"), span)
    .map(([key, value]) => ({ [key]: value })),
  record({ for: span, cpuBelow: one("5%", "100 %", "0.5%"), trafficBelow: one("1MB", "2 GiB") }, "for").map(
    (idleTime) => ({ idleTime }),
  ),
  record({ usd: number, samples: one(1, 10), floor: usd }, "usd").map((timesTypical) => ({ timesTypical })),
  record({ runTime: number, samples: one(1, 10), floor: span }, "runTime").map((timesTypical) => ({
    timesTypical,
  })),
  fc.constant({ noTimeout: true }),
  fc.constant({ noCap: true }),
  fc
    .tuple(
      one(
        "usage.PROXY_SERPS",
        "usage.A_SERVICE_OF_TOMORROW",
        "events.result",
        "events.actor-start",
        "events.9_x",
      ),
      number,
    )
    .map(([key, value]) => ({ [key]: value })),
  usd.map((value) => ({ "usageUsd.ACTOR_COMPUTE_UNITS": value })),
  fc
    .tuple(one("stats.netRxBytes", "stats.memCurrentBytes", "stats.aFieldOfTomorrowInBytes"), size)
    .map(([key, value]) => ({ [key]: value })),
  fc
    .tuple(one("stats.restartCount", "stats.cpuAvgUsage", "stats.aFieldOfTomorrow", "stats.Bytesish"), number)
    .map(([key, value]) => ({ [key]: value })),
);

/** What may be held against what Apify says of the whole account. */
const accountRules = record(
  {
    id: one("c", "a.b_c-D"),
    mode: one("observe", "enforce"),
    budget: record({ usd, per: fc.constant("cycle"), each: fc.constant("account") }, "usd", "per"),
    steps: fc.constantFrom(
      [{ at: "90%", do: "notify", basis: "account" }],
      [
        { at: "100%", do: "notify", basis: "account" },
        { at: "100%", do: "abort" },
      ],
    ),
  },
  "id",
  "budget",
  "steps",
);

const basesOf = (of: Record<string, unknown>) => {
  if ("budget" in of) return one("actual", "projected");
  return "usageTotalUsd" in of ? one("actual", "estimate") : one("actual");
};

const stepsFor = (of: Record<string, unknown>) =>
  fc.uniqueArray(one(0.5, 50, 80, 99.999, 100, 150, 1000), { minLength: 1, maxLength: 4 }).chain((shares) =>
    fc.tuple(
      ...shares
        .toSorted((a, b) => a - b)
        .map((share) =>
          record(
            {
              at: one(`${share}%`, ` 0${share} % `),
              do: "abortingTime" in of ? one("notify", "abort-now") : one("notify", "abort", "abort-now"),
              basis: basesOf(of),
              schedule,
            },
            "at",
            "do",
          ),
        ),
    ),
  );

const owner = one("shop-team", "ops@example.com", "Žofie 🦊", "🦊".repeat(200));
const mode = one("observe", "enforce");

const budgetRules = record(
  {
    id: one("b", "a.b_c-D"),
    mode,
    owner,
    for: spenders,
    schedule,
    budget,
    steps: stepsFor({ budget: true }),
  },
  "id",
  "budget",
  "steps",
);

const limitRules = limit.chain((of) =>
  record(
    {
      id: one("r", "a.b_c-D", "9".repeat(64)),
      mode,
      owner,
      for: selector,
      schedule,
      limit: fc.constant(of),
      steps: stepsFor(of),
    },
    "id",
    "limit",
    "steps",
  ),
);

const rules = fc.array(
  fc.oneof({ weight: 4, arbitrary: limitRules }, { weight: 2, arbitrary: budgetRules }, accountRules),
  {
    minLength: 1,
    maxLength: 3,
  },
);

/** Documents that parse, of everything that the language has. */
export const documents = record(
  {
    version: fc.constant(1),
    mode,
    timeZone: one("UTC", "Asia/Kathmandu"),
    owner,
    escalation: record({ forceAfter: one("30s", "1m30s"), alarmAfter: one("5m", "2h") }),
    guards: record({
      staleAfter: one("2m", "10m", "1h30m"),
      loop: record({ stops: one(2, 3, 100), within: one("1m", "1h"), do: one("notify", "hold") }),
      maxAborts: record({
        perTick: count,
        perHour: count,
        percentOfLive: one<unknown>(0, 12.5, 100, "100%", "0 %"),
      }),
    }),
    rules: rules.map((list) => list.map((each, i) => ({ ...each, id: `${i}${each.id}`.slice(0, 64) }))),
  },
  "version",
  "rules",
);
