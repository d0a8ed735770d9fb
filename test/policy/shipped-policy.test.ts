import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parsePolicy } from "../../src/policy/index.ts";
import { usd } from "../support/builders.ts";

const shipped = parsePolicy(parse(readFileSync(new URL("../../policy.yaml", import.meta.url), "utf8")));

describe("policy.yaml", () => {
  it("observes, in every rule", () => {
    expect(shipped.mode).toBe("observe");
    expect(shipped.rules.flatMap(({ mode }) => mode ?? [])).toEqual([]);
  });

  it("has a rule each on cost, on time and on a stat", () => {
    expect(shipped.rules.map(({ limit }) => limit)).toEqual([
      { metric: "usageTotalUsd", value: usd(5) },
      { metric: "runTime", value: 6 * 3600 },
      { metric: "stats.netRxBytes", value: 20e9 },
    ]);
  });

  it("stops at the whole limit and never without grace", () => {
    const stops = shipped.rules.flatMap(({ steps }) => steps.filter((step) => step.do !== "notify"));
    expect(stops).toEqual(Array(3).fill({ at: 100, do: "abort" }));
  });

  it("bounds the blast as the defaults do", () => {
    expect(shipped.guards.maxAborts).toEqual({ perTick: 10, perHour: 30, percentOfLive: 50 });
    expect(shipped.escalation).toEqual({ forceAfterSecs: 60, alarmAfterSecs: 300 });
  });
});
