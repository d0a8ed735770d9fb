import { describe, expect, it } from "vitest";
import { at, HOUR, observation, run } from "../../support/builders.ts";
import { detailed, known, limitOf, measure } from "./measuring.ts";

describe("stats.<field>", () => {
  it("measures any numeric field in the unit in which Apify gives it", () => {
    expect(measure("stats.netRxBytes", detailed({ stats: { netRxBytes: 12 } }))).toEqual(known(12));
    expect(measure("stats.cpuAvgUsage", detailed({ stats: { cpuAvgUsage: 0 } }))).toEqual(known(0));
  });

  it("is unknown where the detail lacks the field", () => {
    expect(measure("stats.netRxBytes", detailed({ stats: {} }))).toEqual({
      kind: "unknown",
      reason: "Apify reports no stats.netRxBytes for this run",
      young: false,
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("takes %d for no figure", (netRxBytes) => {
    expect(measure("stats.netRxBytes", detailed({ stats: { netRxBytes } }))).toMatchObject({
      kind: "unknown",
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
      measure("stats.netRxBytes", detailed({}, run({ status, startedAt: at(-secs) })));
    expect([young("READY", HOUR), young("RUNNING", 119), young("RUNNING", 120)]).toMatchObject([
      { young: true },
      { young: true },
      { young: false },
    ]);
  });

  it.each(["constructor", "toString", "valueOf"])(
    "does not take %s, which every object has, for a figure",
    (field) => {
      expect(measure(`stats.${field}`, detailed({}))).toMatchObject({ kind: "unknown" });
    },
  );

  it("reads sizes for fields in bytes, and numbers for all", () => {
    expect([
      limitOf({ "stats.netRxBytes": "20GiB" }),
      limitOf({ "stats.netRxBytes": 5 }),
      limitOf({ "stats.restartCount": 3 }),
    ]).toEqual([
      { metric: "stats.netRxBytes", value: 20 * 1024 ** 3 },
      { metric: "stats.netRxBytes", value: 5 },
      { metric: "stats.restartCount", value: 3 },
    ]);
    expect(() => limitOf({ "stats.restartCount": "5MB" })).toThrow("wanted a number above 0");
    for (const raw of [0, -1, "0MB", "MB", null])
      expect(() => limitOf({ "stats.netRxBytes": raw })).toThrow("wanted a number above 0");
  });
});
