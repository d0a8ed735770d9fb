import { describe, expect, it } from "vitest";
import type { Observation } from "../../../src/policy/index.ts";
import { findLimit, LIMITS, limitFor } from "../../../src/policy/limits/registry.ts";
import {
  at,
  HOUR,
  life,
  MINUTE,
  NOON,
  observation,
  run,
  runOfUnknownCost,
  usd,
} from "../../support/builders.ts";

const STATUSES = [
  "READY",
  "RUNNING",
  "TIMING-OUT",
  "ABORTING",
  "SUCCEEDED",
  "FAILED",
  "TIMED-OUT",
  "ABORTED",
  "A-STATUS-OF-TOMORROW",
];

const measure = (metric: string, of: Observation, now = NOON) =>
  limitFor(metric).measure(of, { metric, value: 1 }, now, "actual");
const withStats = (stats: Record<string, number>, status = "RUNNING"): Observation =>
  observation({ run: run({ status, detail: { stats } }), source: "detail" });

describe("limitFor()", () => {
  it.each([
    ["usageTotalUsd", "USD", "list", false],
    ["runTime", "secs", "list", false],
    ["queueTime", "secs", "list", false],
    ["abortingTime", "secs", "list", false],
    ["usdPerHour", "USD/h", "list", true],
    ["idleTime", "secs", "detail", false],
    ["timesTypical.usd", "times", "list", true],
    ["timesTypical.runTime", "times", "list", true],
    ["noTimeout", "count", "settings", false],
    ["usage.PROXY_SERPS", "count", "detail", false],
    ["usageUsd.PROXY_SERPS", "USD", "detail", false],
    ["events.result", "count", "detail", false],
    ["stats.netRxBytes", "bytes", "detail", false],
    ["stats.memMaxBytes", "bytes", "detail", false],
    ["stats.computeUnits", "count", "detail", false],
    ["stats.memCurrentBytes", "bytes", "detail", true],
    ["stats.cpuAvgUsage", "count", "detail", true],
    ["stats.aFieldOfTomorrow", "count", "detail", true],
  ])("finds %s: in %s, from the %s, a gauge: %s", (metric, unit, needs, isGauge) => {
    const limit = limitFor(metric);
    expect([limit.unit(metric), limit.needs, limit.isGauge(metric)]).toEqual([unit, needs, isGauge]);
  });

  it.each([
    "",
    "runtime",
    "stats",
    "stats.",
    "stats.a.b",
    "stats.9x",
    "xstats.cpu",
    "usageTotalUsd ",
    "constructor",
  ])("finds none for %j, and says so", (metric) => {
    expect(findLimit(metric)).toBeUndefined();
    expect(() => limitFor(metric)).toThrow(`no limit measures "${metric}"`);
  });

  it("never finds two for one metric", () => {
    const metrics = ["usageTotalUsd", "runTime", "queueTime", "abortingTime", "stats.netRxBytes"];
    for (const metric of metrics)
      expect(LIMITS.filter((limit) => limit.pattern.test(metric))).toHaveLength(1);
  });

  it.each([
    ["usageTotalUsd", ["READY", "RUNNING"]],
    ["runTime", ["READY", "RUNNING"]],
    ["stats.netRxBytes", ["READY", "RUNNING"]],
    ["queueTime", ["READY"]],
    ["abortingTime", ["TIMING-OUT", "ABORTING"]],
  ])("%s judges %j and no other status", (metric, judged) => {
    expect(STATUSES.filter((status) => limitFor(metric).judges(status))).toEqual(judged);
  });
});

describe("usageTotalUsd", () => {
  it("measures the run's cost in micro-dollars", () => {
    expect(measure("usageTotalUsd", observation({ run: run({ usageTotalMicroUsd: usd(7) }) }))).toEqual({
      kind: "known",
      value: usd(7),
    });
  });

  it("knows a cost of 0, which Apify told", () => {
    expect(measure("usageTotalUsd", observation({ run: run({ usageTotalMicroUsd: 0 }) }))).toEqual({
      kind: "known",
      value: 0,
    });
  });

  it("takes a missing cost for unknown, never for 0", () => {
    expect(measure("usageTotalUsd", observation({ run: runOfUnknownCost() }))).toEqual({
      kind: "unknown",
      reason: "Apify reports no usageTotalUsd for this run",
      young: false,
    });
  });

  it.each([
    [0, true],
    [119, true],
    [120, false],
    [121, false],
  ])("holds a missing cost %d s after the start against nobody: %s", (secs, young) => {
    const startedAt = at(-secs);
    expect(measure("usageTotalUsd", observation({ run: runOfUnknownCost({ startedAt }) }))).toMatchObject({
      young,
    });
  });

  it("counts the youth of a later life from when it was first seen", () => {
    const risen = observation({ run: runOfUnknownCost(), life: life({ number: 1, since: at(-30) }) });
    expect(measure("usageTotalUsd", risen)).toMatchObject({ kind: "unknown", young: true });
  });
});

describe("runTime", () => {
  const secs = (overrides: Partial<Observation>): unknown => measure("runTime", observation(overrides));

  it("measures a first life from its start", () => {
    expect(secs({ run: run({ startedAt: at(-2 * HOUR) }) })).toEqual({ kind: "known", value: 2 * HOUR });
  });

  it("does not count the time that the run was seen READY, which is queue time", () => {
    expect(secs({ life: life({ since: at(-2 * HOUR), readyUntil: at(-30 * MINUTE) }) })).toEqual({
      kind: "known",
      value: 30 * MINUTE,
    });
  });

  it("is 0 while the run is READY", () => {
    expect(secs({ run: run({ status: "READY", startedAt: at(-5 * HOUR) }) })).toEqual({
      kind: "known",
      value: 0,
    });
  });

  it("measures a later life from when it was first seen, however long ago the run started", () => {
    expect(
      secs({ run: run({ startedAt: at(-100 * HOUR) }), life: life({ number: 1, since: at(-5 * MINUTE) }) }),
    ).toEqual({ kind: "known", value: 5 * MINUTE });
  });

  it("never comes from stats", () => {
    const detail = { stats: { runTimeSecs: 99 * HOUR, durationMillis: 99 * HOUR * 1000 } };
    expect(secs({ run: run({ detail }), source: "detail" })).toEqual({ kind: "known", value: HOUR });
  });

  it("is never negative, though clocks differ", () => {
    expect(secs({ run: run({ startedAt: at(3) }) })).toEqual({ kind: "known", value: 0 });
  });

  it("goes by the clock, not by when the run was looked at", () => {
    const seen = observation({ observedAt: at(-30) });
    expect(measure("runTime", seen, at(10))).toEqual({ kind: "known", value: HOUR + 10 });
  });
});

describe("queueTime", () => {
  it("measures from the start", () => {
    expect(measure("queueTime", observation({ run: run({ status: "READY", startedAt: at(-90) }) }))).toEqual({
      kind: "known",
      value: 90,
    });
  });

  it("measures a resurrected run from when its life was first seen", () => {
    const risen = observation({ run: run({ status: "READY" }), life: life({ number: 2, since: at(-45) }) });
    expect(measure("queueTime", risen)).toEqual({ kind: "known", value: 45 });
  });
});

describe("abortingTime", () => {
  it("measures from when the run was first seen on its way out", () => {
    const stopping = observation({
      run: run({ status: "ABORTING" }),
      life: life({ stoppingSince: at(-75) }),
    });
    expect(measure("abortingTime", stopping)).toEqual({ kind: "known", value: 75 });
  });

  it("is 0 before that was ever seen", () => {
    expect(measure("abortingTime", observation({ run: run({ status: "ABORTING" }) }))).toEqual({
      kind: "known",
      value: 0,
    });
  });
});

describe("stats.<field>", () => {
  it("measures any numeric field in the unit in which Apify gives it", () => {
    expect(measure("stats.netRxBytes", withStats({ netRxBytes: 12 }))).toEqual({ kind: "known", value: 12 });
    expect(measure("stats.cpuAvgUsage", withStats({ cpuAvgUsage: 0 }))).toEqual({ kind: "known", value: 0 });
  });

  it("is unknown where the detail lacks the field", () => {
    expect(measure("stats.netRxBytes", withStats({}))).toEqual({
      kind: "unknown",
      reason: "Apify reports no stats.netRxBytes for this run",
      young: false,
    });
  });

  it("is unknown where no detail was read", () => {
    expect(measure("stats.netRxBytes", observation())).toMatchObject({
      kind: "unknown",
      reason: "the run's detail was not read",
    });
  });

  it("holds a missing figure against nobody in the queue, nor in the first two minutes", () => {
    const young = (status: string, secs: number): unknown =>
      measure(
        "stats.netRxBytes",
        observation({ run: run({ status, startedAt: at(-secs), detail: { stats: {} } }) }),
      );
    expect([young("READY", HOUR), young("RUNNING", 119), young("RUNNING", 120)]).toMatchObject([
      { young: true },
      { young: true },
      { young: false },
    ]);
  });

  it.each(["constructor", "toString", "valueOf"])(
    "does not take %s, which every object has, for a figure",
    (field) => {
      expect(measure(`stats.${field}`, withStats({}))).toMatchObject({ kind: "unknown" });
    },
  );
});
