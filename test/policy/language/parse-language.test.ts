import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/language/parse.ts";
import { LIMITS } from "../../../src/policy/limits/registry.ts";
import { usd } from "../../support/builders.ts";
import { document, refusal, withRule } from "../documents.ts";

const USAGES = LIMITS.map(({ usage }) => usage).join(", ");
const COST = "an amount in USD above 0, such as 5 or 0.25";
const TIME = "a duration above 0 such as 90s, 6h or 1d12h";
const EITHER = "either usd or runTime and how many times the usual, such as { usd: 3 }";
const SPAN = 'a span of the day such as "22:00-06:00", in quotes';
const DAY = "a day or a span of days such as sat or mon-fri";
const ZONE = "a time zone as IANA names it, such as Europe/Prague or UTC";
const MEMORY = 'a memory such as 4GB, ">=4GB" or "<512MB"; 1 GB is 1024 MB, as at Apify';
const MODELS = "PAY_PER_EVENT, PRICE_PER_DATASET_ITEM, FLAT_PRICE_PER_MONTH, FREE, NONE";
const OWNER =
  "whom to tell, up to 200 letters and no blank before them, such as shop-team or ops@example.com";
const SERVICES = [
  "ACTOR_COMPUTE_UNITS",
  "DATASET_READS",
  "DATASET_WRITES",
  "KEY_VALUE_STORE_READS",
  "KEY_VALUE_STORE_WRITES",
  "KEY_VALUE_STORE_LISTS",
  "REQUEST_QUEUE_READS",
  "REQUEST_QUEUE_WRITES",
  "DATA_TRANSFER_INTERNAL_GBYTES",
  "DATA_TRANSFER_EXTERNAL_GBYTES",
  "PROXY_RESIDENTIAL_TRANSFER_GBYTES",
  "PROXY_SERPS",
];
const oneOfThem = (prefix: string): string => `one of ${SERVICES.map((each) => prefix + each).join(", ")}`;
const limitOr = (guess: string): string => `a limit (did you mean "${guess}"?); limits are ${USAGES}`;

type Case = readonly [what: string, wrong: unknown, got: string, wanted: string];

/** Each wrong in its place of a rule's limit. */
const limits: readonly Case[] = [
  [
    "a service with a slip in it",
    { "usage.PROXY_SERP": 5 },
    "usage.PROXY_SERP: got 5",
    limitOr("usage.PROXY_SERPS"),
  ],
  [
    "a service in small letters",
    { "usage.proxy_serps": 5 },
    "usage.proxy_serps: got 5",
    limitOr("usage.PROXY_SERPS"),
  ],
  [
    "the cost of a service with a slip in it",
    { "usageUsd.DATASET_WRITE": 5 },
    "usageUsd.DATASET_WRITE: got 5",
    limitOr("usageUsd.DATASET_WRITES"),
  ],
  ["a service that is none at all", { "usage.BANANAS": 5 }, "usage.BANANAS: got 5", oneOfThem("usage.")],
  ["the cost of none at all", { "usageUsd.": 5 }, "usageUsd.: got 5", oneOfThem("usageUsd.")],
  ["usage of nothing named", { usage: 5 }, "usage: got 5", `a limit; limits are ${USAGES}`],
  [
    "a quantity as text",
    { "usage.PROXY_SERPS": "5" },
    'usage.PROXY_SERPS: got "5"',
    "a number above 0, in Apify's unit of the service",
  ],
  ["a service for nothing", { "usageUsd.PROXY_SERPS": 0 }, "usageUsd.PROXY_SERPS: got 0", COST],
  ["an event without a name", { "events.": 5 }, "events.: got 5", `a limit; limits are ${USAGES}`],
  ["no event at all", { "events.result": 0 }, "events.result: got 0", "a number of events above 0"],
  ["a rate with its unit", { usdPerHour: "5/h" }, 'usdPerHour: got "5/h"', COST],
  ["a mistyped rate", { usdPerHr: 5 }, "usdPerHr: got 5", limitOr("usdPerHour")],
  ["idleness of no time", { idleTime: { for: "0s" } }, 'idleTime.for: got "0s"', TIME],
  [
    "idleness without its time",
    { idleTime: { cpuBelow: "5%" } },
    "idleTime.for: got nothing",
    "this key; it is required",
  ],
  ["idleness without unit", { idleTime: 20 }, "idleTime: got 20", TIME],
  [
    "CPU without its sign",
    { idleTime: { for: "20m", cpuBelow: 5 } },
    "idleTime.cpuBelow: got 5",
    "a percentage above 0% and up to 100%, such as 5%",
  ],
  [
    "CPU beyond all of it",
    { idleTime: { for: "20m", cpuBelow: "101%" } },
    'idleTime.cpuBelow: got "101%"',
    "a percentage above 0% and up to 100%, such as 5%",
  ],
  [
    "traffic without unit",
    { idleTime: { for: "20m", trafficBelow: 1000 } },
    "idleTime.trafficBelow: got 1000",
    "a size above 0 such as 1MB, for each minute",
  ],
  [
    "a mistyped key of idleness",
    { idleTime: { for: "20m", cpuBellow: "5%" } },
    'idleTime.cpuBellow: got an unknown key, "cpuBellow"',
    '"cpuBelow", or another of the keys for, cpuBelow, trafficBelow',
  ],
  [
    "many times both the usual cost and the usual time",
    { timesTypical: { usd: 3, runTime: 3 } },
    'timesTypical: got {"usd":3,"runTime":3}',
    EITHER,
  ],
  ["many times nothing usual", { timesTypical: { samples: 5 } }, 'timesTypical: got {"samples":5}', EITHER],
  ["a bare number of times", { timesTypical: 3 }, "timesTypical: got 3", EITHER],
  [
    "a mistyped key of what is usual",
    { timesTypical: { usd: 3, sample: 5 } },
    'timesTypical.sample: got an unknown key, "sample"',
    '"samples", or another of the keys usd, samples, floor',
  ],
  [
    "nothing to compare with",
    { timesTypical: { usd: 3, samples: 0 } },
    "timesTypical.samples: got 0",
    "a whole number of successful runs, from 1 to 100",
  ],
  [
    "a floor in time for a cost",
    { timesTypical: { usd: 3, floor: "10m" } },
    'timesTypical.floor: got "10m"',
    COST,
  ],
  [
    "a floor in money for a time",
    { timesTypical: { runTime: 3, floor: 5 } },
    "timesTypical.floor: got 5",
    TIME,
  ],
  [
    "times with a sign",
    { timesTypical: { usd: "3x" } },
    'timesTypical.usd: got "3x"',
    "how many times the usual, a number above 0 such as 3",
  ],
  [
    "runs with a timeout",
    { noTimeout: false },
    "noTimeout: got false",
    "true: a run without a timeout is at 100% of it, any other at 0%",
  ],
  [
    "a size for a stat that nobody knows",
    { "stats.netRxByte": "20GB" },
    'stats.netRxByte: got "20GB"',
    'a number above 0, or for a field in bytes a size such as 500MB or 20GiB (did you mean "stats.netRxBytes"?)',
  ],
];

/** Each wrong in its place of a rule. */
const rules: readonly Case[] = [
  ["a schedule without days and hours", { schedule: {} }, "schedule: got {}", "days, hours or both"],
  [
    "a schedule of a time zone alone",
    { schedule: { timeZone: "UTC" } },
    'schedule: got {"timeZone":"UTC"}',
    "days, hours or both",
  ],
  [
    "hours that no clock shows",
    { schedule: { hours: ["25:00-26:00"] } },
    'schedule.hours[0]: got "25:00-26:00"',
    SPAN,
  ],
  [
    "minutes that no clock shows",
    { schedule: { hours: ["08:60-09:00"] } },
    'schedule.hours[0]: got "08:60-09:00"',
    SPAN,
  ],
  ["hours without minutes", { schedule: { hours: ["8-17"] } }, 'schedule.hours[0]: got "8-17"', SPAN],
  [
    "hours without quotes, which YAML may read as a number",
    { schedule: { hours: [1320] } },
    "schedule.hours[0]: got 1320",
    SPAN,
  ],
  [
    "a span of no time",
    { schedule: { hours: ["22:00-22:00"] } },
    'schedule.hours[0]: got "22:00-22:00"',
    SPAN,
  ],
  [
    "hours that are no list",
    { schedule: { hours: "22:00-06:00" } },
    'schedule.hours: got "22:00-06:00"',
    'a list of spans such as "22:00-06:00" with at least one in it',
  ],
  ["a mistyped day", { schedule: { days: ["mon-fry"] } }, 'schedule.days[0]: got "mon-fry"', DAY],
  [
    "no days",
    { schedule: { days: [] } },
    "schedule.days: got []",
    "a list of days such as mon-fri with at least one in it",
  ],
  [
    "a mistyped key of a schedule",
    { schedule: { day: ["mon"] } },
    'schedule.day: got an unknown key, "day"',
    '"days", or another of the keys days, hours, timeZone',
  ],
  [
    "a zone that there is not",
    { schedule: { days: ["mon"], timeZone: "Europe/Pragu" } },
    'schedule.timeZone: got "Europe/Pragu"',
    ZONE,
  ],
  [
    "a step's schedule",
    { steps: [{ at: "100%", do: "abort", schedule: { hours: ["6pm-8pm"] } }] },
    'steps[0].schedule.hours[0]: got "6pm-8pm"',
    SPAN,
  ],
  ["a memory without unit", { for: { memory: ["4"] } }, 'for.memory[0]: got "4"', MEMORY],
  ["a memory as a number", { for: { memory: [4096] } }, "for.memory[0]: got 4096", MEMORY],
  ["no memory", { for: { memory: ["<0GB"] } }, 'for.memory[0]: got "<0GB"', MEMORY],
  [
    "a build that YAML reads as a number",
    { for: { builds: [0.1] } },
    "for.builds[0]: got 0.1",
    'the tag or number of a build, such as latest or "0.1.*"',
  ],
  [
    "a mistyped pricing model",
    { for: { pricingModels: ["PAY_PER_EVENTS"] } },
    'for.pricingModels[0]: got "PAY_PER_EVENTS"',
    `one of ${MODELS} (did you mean PAY_PER_EVENT?)`,
  ],
  [
    "a pricing model of nobody's, excepted",
    { for: { except: { pricingModels: ["PPE"] } } },
    'for.except.pricingModels[0]: got "PPE"',
    `one of ${MODELS}`,
  ],
  [
    "an estimate of a time",
    { limit: { runTime: "5m" }, steps: [{ at: "100%", do: "abort", basis: "estimate" }] },
    'steps[0].basis: got "estimate"',
    "actual, or no basis; only a limit on usageTotalUsd can be estimated",
  ],
  [
    "a mistyped basis",
    { steps: [{ at: "100%", do: "abort", basis: "estimated" }] },
    'steps[0].basis: got "estimated"',
    "one of actual, estimate (did you mean estimate?); only a budget is projected",
  ],
  ["nobody for an owner", { owner: "" }, 'owner: got ""', OWNER],
  ["an owner behind a blank", { owner: " ops" }, 'owner: got " ops"', OWNER],
];

describe("parsePolicy()", () => {
  it.each(limits)("refuses %s as a limit", (_what, limit, got, wanted) => {
    expect(refusal(withRule({ limit })).message).toBe(`rules[0].limit.${got}, wanted ${wanted}`);
  });

  it.each(rules)("refuses %s", (_what, rule, got, wanted) => {
    expect(refusal(withRule(rule as object as Record<string, unknown>)).message).toBe(
      `rules[0].${got}, wanted ${wanted}`,
    );
  });

  it.each([
    [{ timeZone: "" }, `timeZone: got "", wanted ${ZONE}`],
    [{ timeZone: 1 }, `timeZone: got 1, wanted ${ZONE}`],
    [{ owner: 5 }, `owner: got 5, wanted ${OWNER}`],
  ])("refuses %j of the whole policy", (wrong, message) => {
    expect(refusal(document(wrong)).message).toBe(message);
  });

  it("lets no second limit go unseen, whatever it is called", () => {
    const limit: unknown = JSON.parse('{ "usageTotalUsd": 5, "__proto__": 6 }');
    expect(refusal(withRule({ limit })).message).toContain(`wanted exactly one of ${USAGES}`);
  });

  it.each([
    [{ "usage.PROXY_SERPS": 500 }, { metric: "usage.PROXY_SERPS", value: 500 }],
    [{ "usageUsd.PROXY_SERPS": "$2.50" }, { metric: "usageUsd.PROXY_SERPS", value: usd(2.5) }],
    [{ "events.search-page": 1000 }, { metric: "events.search-page", value: 1000 }],
    [{ usdPerHour: 12 }, { metric: "usdPerHour", value: usd(12) }],
    [{ noTimeout: true }, { metric: "noTimeout", value: 1 }],
    [{ idleTime: "20m" }, { metric: "idleTime", value: 1200, options: { cpuBelow: 5, trafficBelow: 1e6 } }],
    [
      { idleTime: { for: "20m", cpuBelow: "2.5%", trafficBelow: "1MiB" } },
      { metric: "idleTime", value: 1200, options: { cpuBelow: 2.5, trafficBelow: 1_048_576 } },
    ],
    [
      { timesTypical: { usd: 3 } },
      { metric: "timesTypical.usd", value: 3, options: { samples: 10, floor: usd(0.5) } },
    ],
    [
      { timesTypical: { runTime: 2.5, samples: 20, floor: "1h" } },
      { metric: "timesTypical.runTime", value: 2.5, options: { samples: 20, floor: 3600 } },
    ],
  ])("reads the limit %j in its unit", (limit, parsed) => {
    expect(parsePolicy(withRule({ limit })).rules[0]?.limit).toEqual(parsed);
  });

  it("reads days, hours and zone of a schedule, the policy's zone where it has none", () => {
    const schedules = (overrides: object) =>
      parsePolicy(
        document({ timeZone: "Europe/Prague", ...withRule(overrides as Record<string, unknown>) }),
      ).rules.map(({ schedule }) => schedule);
    expect(
      schedules({ schedule: { days: ["fri-mon", "Sat"], hours: ["22:00-06:00", "12:00 - 24:00"] } }),
    ).toEqual([
      {
        days: [5, 6, 0, 1],
        hours: [
          { from: 1320, to: 360 },
          { from: 720, to: 1440 },
        ],
        timeZone: "Europe/Prague",
      },
    ]);
    expect(schedules({ schedule: { days: ["sun"], timeZone: "UTC" } })).toEqual([
      { days: [0], timeZone: "UTC" },
    ]);
  });

  it("reads memory as Apify sells it", () => {
    const memory = ["4GB", ">=4GB", "< 512 mb", "<=0.5GB", "=1024MB"];
    expect(parsePolicy(withRule({ for: { memory } })).rules[0]?.for?.memory).toEqual([
      { op: "=", mbytes: 4096 },
      { op: ">=", mbytes: 4096 },
      { op: "<", mbytes: 512 },
      { op: "<=", mbytes: 512 },
      { op: "=", mbytes: 1024 },
    ]);
  });
});
