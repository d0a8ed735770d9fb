import { describe, expect, it } from "vitest";
import { document, refusal, rule } from "../documents.ts";

const runs = (most: number): string => `a whole number of runs from 0 to ${most}; 0 means none`;
const ALARM = "for the alarm comes after the forced abort";
const TOP = "version, mode, timeZone, owner, statusMessages, escalation, guards, rules";

describe("parsePolicy()", () => {
  it.each<[string, unknown, string]>([
    ["nothing", undefined, `policy: got nothing, wanted an object with the keys ${TOP}`],
    ["an empty file", null, `policy: got null, wanted an object with the keys ${TOP}`],
    ["text", "enforce", `policy: got "enforce", wanted an object with the keys ${TOP}`],
    [
      "another version",
      document({ version: 2 }),
      "version: got 2, wanted 1, the version of the policy language",
    ],
    [
      "the version as text",
      document({ version: "1" }),
      'version: got "1", wanted 1, the version of the policy language',
    ],
    ["no version", { rules: [rule()] }, "version: got nothing, wanted this key; it is required"],
    ["no rules", { version: 1 }, "rules: got nothing, wanted this key; it is required"],
    [
      "an empty list of rules",
      document({ rules: [] }),
      "rules: got [], wanted a list of rules with at least one in it",
    ],
    [
      "a mistyped key",
      document({ guard: {} }),
      `guard: got an unknown key, "guard", wanted "guards", or another of the keys ${TOP}`,
    ],
    [
      "a key from nowhere",
      document({ "": 1 }),
      `policy: got an unknown key, "", wanted only the keys ${TOP}`,
    ],
    [
      "a key that every object has",
      document({ toString: 1 }),
      `toString: got an unknown key, "toString", wanted only the keys ${TOP}`,
    ],
    [
      "an unknown mode",
      document({ mode: "dry-run" }),
      'mode: got "dry-run", wanted one of observe, enforce (did you mean observe?)',
    ],
    ["a mode left blank", document({ mode: null }), "mode: got null, wanted one of observe, enforce"],
    [
      "a forced abort within Apify's own grace",
      document({ escalation: { forceAfter: "29s" } }),
      'escalation.forceAfter: got "29s", wanted a duration of at least 30s, for Apify gives a graceful abort 30 seconds to finish',
    ],
    [
      "a bare number of seconds",
      document({ escalation: { alarmAfter: 300 } }),
      "escalation.alarmAfter: got 300, wanted a duration of at least 30s, for example 5m",
    ],
    [
      "an alarm before the forced abort",
      document({ escalation: { forceAfter: "3m", alarmAfter: "2m" } }),
      `escalation.alarmAfter: got 2m, wanted at least forceAfter (3m), ${ALARM}`,
    ],
    [
      "a negative guard",
      document({ guards: { maxAborts: { perTick: -1 } } }),
      `guards.maxAborts.perTick: got -1, wanted ${runs(1000)}`,
    ],
    [
      "half a run",
      document({ guards: { maxAborts: { perHour: 1.5 } } }),
      `guards.maxAborts.perHour: got 1.5, wanted ${runs(10_000)}`,
    ],
    [
      "a guard as text",
      document({ guards: { maxAborts: { perHour: "30" } } }),
      `guards.maxAborts.perHour: got "30", wanted ${runs(10_000)}`,
    ],
    [
      "more than all",
      document({ guards: { maxAborts: { percentOfLive: "101%" } } }),
      'guards.maxAborts.percentOfLive: got "101%", wanted a percentage from 0 to 100; 0 means none',
    ],
    [
      "more stops in a tick than can be taken back",
      document({ guards: { maxAborts: { perTick: 1001 } } }),
      `guards.maxAborts.perTick: got 1001, wanted ${runs(1000)}`,
    ],
    [
      "more stops in an hour than are kept",
      document({ guards: { maxAborts: { perHour: 10_001 } } }),
      `guards.maxAborts.perHour: got 10001, wanted ${runs(10_000)}`,
    ],
    [
      "one stop that is a loop",
      document({ guards: { loop: { stops: 1 } } }),
      "guards.loop.stops: got 1, wanted a whole number of stops, from 2 to 100",
    ],
    [
      "a loop over more than is remembered",
      document({ guards: { loop: { within: "1d" } } }),
      'guards.loop.within: got "1d", wanted a duration from 1m to 1h, for stops are remembered for an hour',
    ],
    [
      "a loop whose runs are to be stopped",
      document({ guards: { loop: { do: "abort" } } }),
      'guards.loop.do: got "abort", wanted one of notify, hold, for its runs are stopped already',
    ],
    [
      "a misplaced guard",
      document({ guards: { perTick: 3 } }),
      'guards.perTick: got an unknown key, "perTick", wanted only the keys maxAborts, maxHolds, loop, staleAfter; perTick stands in guards.maxAborts',
    ],
  ])("refuses %s", (_what, wrong, message) => {
    expect(refusal(wrong).message).toBe(message);
  });

  it("tells of every problem at once, each with its path", () => {
    const wrong = document({
      mode: "watch",
      guards: { maxAborts: { perTick: "10", percentOfLive: 200 } },
      rules: [
        rule({ id: "?", steps: [{ at: "80", do: "warn" }] }),
        rule({ limit: { usageTotalUsd: "5 EUR" } }),
      ],
    });
    expect(refusal(wrong).problems.map(({ path }) => path.join("."))).toEqual([
      "mode",
      "guards.maxAborts.perTick",
      "guards.maxAborts.percentOfLive",
      "rules.0.id",
      "rules.0.steps.0.at",
      "rules.0.steps.0.do",
      "rules.1.limit.usageTotalUsd",
    ]);
  });
});
