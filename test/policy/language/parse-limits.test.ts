import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/language/parse.ts";
import { LIMITS } from "../../../src/policy/limits/registry.ts";
import { usd } from "../../support/builders.ts";
import { type Refused, refusal, withRule } from "../documents.ts";

const USAGES = LIMITS.map(({ usage }) => usage).join(", ");
const COST = "an amount in USD above 0, for example 5 or 0.25";
const TIME = "a duration above 0, for example 90s, 6h or 1d12h";
const EITHER = "either usd or runTime and how many times the usual, for example { usd: 3 }";
const limitOr = (guess: string): string => `a limit (did you mean "${guess}"?); limits are ${USAGES}`;

/** Each wrong in its place of a rule's limit. */
const limits: readonly Refused[] = [
  [
    "a service in small letters",
    { "usage.proxy_serps": 5 },
    "usage.proxy_serps: got 5",
    limitOr("usage.PROXY_SERPS"),
  ],
  ["the cost of none at all", { "usageUsd.": 5 }, "usageUsd.: got 5", `a limit; limits are ${USAGES}`],
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
    "a percentage above 0% and up to 100%, for example 5%; a share is written 5%",
  ],
  [
    "CPU beyond all of it",
    { idleTime: { for: "20m", cpuBelow: "101%" } },
    'idleTime.cpuBelow: got "101%"',
    "a percentage above 0% and up to 100%, for example 5%",
  ],
  [
    "traffic without unit",
    { idleTime: { for: "20m", trafficBelow: 1000 } },
    "idleTime.trafficBelow: got 1000",
    "a size above 0, for example 1MB, for each minute",
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
    "how many times the usual, a number above 0, for example 3",
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
    'a number above 0, or for a field in bytes a size (500MB, 20GiB) (did you mean "stats.netRxBytes"?)',
  ],
];

describe("parsePolicy()", () => {
  it.each(limits)("refuses %s as a limit", (_what, limit, got, wanted) => {
    expect(refusal(withRule({ limit })).message).toBe(`rules[0].limit.${got}, wanted ${wanted}`);
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

  it("says that a decimal takes a point where YAML made two keys of a comma", () => {
    const limit = { usageTotalUsd: 5, "0": null };
    expect(refusal(withRule({ limit })).message).toContain(
      "wanted a point in a decimal, for example usageTotalUsd: 5.25; or exactly one of",
    );
  });
});
