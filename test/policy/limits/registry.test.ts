import { describe, expect, it } from "vitest";
import {
  findLimit,
  findMeasured,
  LIMITS,
  limitFor,
  metricWords,
  plainFigure,
  unitOf,
} from "../../../src/policy/limits/registry.ts";
import { STATUSES } from "../../support/builders.ts";

const METRICS: readonly (readonly [string, string, string, boolean, string])[] = [
  ["usageTotalUsd", "USD", "list", false, "cost"],
  ["runTime", "secs", "list", false, "run time"],
  ["queueTime", "secs", "list", false, "queue time"],
  ["abortingTime", "secs", "list", false, "time in ABORTING"],
  ["usdPerHour", "USD/h", "list", true, "burn rate"],
  ["idleTime", "secs", "detail", false, "idle time"],
  ["timesTypical.usd", "times", "list", true, "cost against the usual"],
  ["timesTypical.runTime", "times", "list", true, "run time against the usual"],
  ["noTimeout", "flag", "settings", false, "no timeout"],
  ["timeout", "secs", "settings", false, "timeout"],
  ["noCap", "flag", "settings", false, "no cap on its charges"],
  ["usage.A_SERVICE_OF_TOMORROW", "count", "detail", false, "a service of tomorrow"],
  ["usage.PROXY_SERPS", "count", "detail", false, "proxy serps"],
  ["usageUsd.KEY_VALUE_STORE_READS", "USD", "detail", false, "cost of key value store reads"],
  ["events.result-item", "count", "detail", false, "result-item events"],
  ["stats.netRxBytes", "bytes", "detail", false, "stats.netRxBytes"],
  ["stats.netTxBytes", "bytes", "detail", false, "stats.netTxBytes"],
  ["stats.memMaxBytes", "bytes", "detail", false, "stats.memMaxBytes"],
  ["stats.computeUnits", "count", "detail", false, "stats.computeUnits"],
  ["stats.durationMillis", "count", "detail", false, "stats.durationMillis"],
  ["stats.runTimeSecs", "count", "detail", false, "stats.runTimeSecs"],
  ["stats.cpuMaxUsage", "count", "detail", false, "stats.cpuMaxUsage"],
  ["stats.restartCount", "count", "detail", false, "restarts"],
  ["stats.resurrectCount", "count", "detail", false, "resurrects"],
  ["stats.migrationCount", "count", "detail", false, "migrations"],
  ["stats.rebootCount", "count", "detail", false, "reboots"],
  ["stats.memCurrentBytes", "bytes", "detail", true, "stats.memCurrentBytes"],
  ["stats.BytesOfTomorrow", "count", "detail", true, "stats.BytesOfTomorrow"],
  ["stats.cpuAvgUsage", "count", "detail", true, "stats.cpuAvgUsage"],
  ["stats.aFieldOfTomorrow", "count", "detail", true, "stats.aFieldOfTomorrow"],
];

describe("limitFor()", () => {
  it.each(METRICS)("finds %s: in %s, from the %s, a gauge: %s, called %s", (metric, ...rest) => {
    const limit = limitFor(metric);
    expect([limit.unit(metric), limit.needs, limit.isGauge(metric), limit.words(metric)]).toEqual(rest);
  });

  it.each([
    "",
    "runtime",
    "xrunTime",
    "runTimes",
    "stats",
    "stats.",
    "stats.a.b",
    "stats.9x",
    "xstats.cpu",
    "usageTotalUsd ",
    "xusageTotalUsd",
    "constructor",
    "usage.",
    "usage.proxy_serps",
    "usage.9X",
    "usageXPROXY_SERPS",
    "usageUsd.",
    "events",
    "events.",
    "xevents.a",
    "xqueueTime",
    "queueTimes",
    "xabortingTime",
    "abortingTimes",
    "xusdPerHour",
    "usdPerHours",
    "xidleTime",
    "idleTimes",
    "xtimesTypical",
    "timesTypicals",
    "xnoTimeout",
    "noTimeouts",
    "xtimeout",
    "timeouts",
    "xnoCap",
    "noCaps",
  ])("finds none for %j, and says so", (metric) => {
    expect(findLimit(metric)).toBeUndefined();
    expect(() => limitFor(metric)).toThrow(`no limit measures "${metric}"; the policy was not parsed`);
  });

  it("tells what a policy writes from what is measured, where the two differ", () => {
    expect(findLimit("timesTypical")?.usage).toBe("timesTypical");
    expect(findLimit("timesTypical.usd")).toBeUndefined();
    for (const metric of ["timesTypical", "timesTypical.cpu", "xtimesTypical.usd", "timesTypical.usdx"])
      expect(findMeasured(metric)).toBeUndefined();
  });

  it("never finds two for one metric", () => {
    for (const [metric] of METRICS) {
      const found = LIMITS.filter(({ metrics, pattern }) => (metrics ?? pattern).test(metric));
      expect(found).toHaveLength(1);
    }
  });

  it.each(METRICS.filter(([metric]) => !["queueTime", "abortingTime"].includes(metric)))(
    "%s judges READY and RUNNING and no other status",
    (metric) => {
      expect(STATUSES.filter((status) => limitFor(metric).judges(status))).toEqual(["READY", "RUNNING"]);
    },
  );

  it.each([
    ["queueTime", ["READY"]],
    ["abortingTime", ["TIMING-OUT", "ABORTING"]],
  ])("%s judges %j and no other status", (metric, judged) => {
    expect(STATUSES.filter((status) => limitFor(metric).judges(status))).toEqual(judged);
  });

  it("estimates nothing but the cost", () => {
    expect(METRICS.filter(([metric]) => limitFor(metric).estimates).map(([metric]) => metric)).toEqual([
      "usageTotalUsd",
    ]);
  });
});

describe("metricWords() and unitOf()", () => {
  it("speak of a metric as people do, and of one that is no limit's by its own name", () => {
    expect([metricWords("usdPerHour"), metricWords("order"), unitOf("usdPerHour")]).toEqual([
      "burn rate",
      "order",
      "USD/h",
    ]);
  });
});

describe("plainFigure()", () => {
  it.each([
    ["USD", 2_500_000, 2.5],
    ["USD/h", 2_500_000, 2.5],
    ["secs", 90, 90],
    ["bytes", 1_000, 1_000],
    ["count", 3, 3],
    ["times", 2.5, 2.5],
  ] as const)("writes %s as people read it", (unit, value, plain) => {
    expect(plainFigure(unit, value)).toBe(plain);
  });
});
