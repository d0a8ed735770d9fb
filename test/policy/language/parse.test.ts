import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PolicyError } from "../../../src/policy/language/errors.ts";
import { parsePolicy } from "../../../src/policy/language/parse.ts";
import { usd } from "../../support/builders.ts";
import { document, refusal, rule, withRule } from "../documents.ts";

const step = { at: "100%", do: "abort" };

const LIMITS =
  "usageTotalUsd, runTime, queueTime, abortingTime, usdPerHour, idleTime, timesTypical, noTimeout, usageUsd.<SERVICE>, usage.<SERVICE>, events.<name>, stats.<field>";
const COST = "an amount in USD above 0, such as 5 or 0.25";
const TIME = "a duration above 0 such as 90s, 6h or 1d12h";
const STAT = "a number above 0, or for a field in bytes a size such as 500MB or 20GiB";
const SHARE = "a percentage above 0% and up to 1000%, such as 80%";
const COUNT = "a whole number of runs, 0 or more; 0 means none";
const NAME = 'an id, or a name with its owner such as "acme/shop-*"';
const ID = "a name of up to 64 letters, digits, dots, dashes or underscores, such as no-run-over-5-usd";
const ALARM = "for the alarm comes after the forced abort";
const ORIGIN = "an origin as Apify spells it, such as SCHEDULER, API, WEB or STANDBY";
const TOP = "version, mode, timeZone, owner, escalation, guards, rules";
const all = (what: string): string =>
  `a list of ${what} with at least one in it; leave the key out to select all`;

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
    ["an unknown mode", document({ mode: "dry-run" }), 'mode: got "dry-run", wanted one of observe, enforce'],
    ["a mode left blank", document({ mode: null }), "mode: got null, wanted one of observe, enforce"],
    [
      "a forced abort within Apify's own grace",
      document({ escalation: { forceAfter: "29s" } }),
      'escalation.forceAfter: got "29s", wanted a duration of at least 30s, for Apify gives a graceful abort 30 seconds to finish',
    ],
    [
      "a bare number of seconds",
      document({ escalation: { alarmAfter: 300 } }),
      "escalation.alarmAfter: got 300, wanted a duration of at least 30s, such as 5m",
    ],
    [
      "an alarm before the forced abort",
      document({ escalation: { forceAfter: "3m", alarmAfter: "2m" } }),
      `escalation.alarmAfter: got 2m, wanted at least forceAfter (3m), ${ALARM}`,
    ],
    [
      "a negative guard",
      document({ guards: { maxAborts: { perTick: -1 } } }),
      `guards.maxAborts.perTick: got -1, wanted ${COUNT}`,
    ],
    [
      "half a run",
      document({ guards: { maxAborts: { perHour: 1.5 } } }),
      `guards.maxAborts.perHour: got 1.5, wanted ${COUNT}`,
    ],
    [
      "a guard as text",
      document({ guards: { maxAborts: { perHour: "30" } } }),
      `guards.maxAborts.perHour: got "30", wanted ${COUNT}`,
    ],
    [
      "more than all",
      document({ guards: { maxAborts: { percentOfLive: "101%" } } }),
      'guards.maxAborts.percentOfLive: got "101%", wanted a percentage from 0 to 100; 0 means none',
    ],
    [
      "a misplaced guard",
      document({ guards: { perTick: 3 } }),
      'guards.perTick: got an unknown key, "perTick", wanted only the keys maxAborts, staleAfter',
    ],
    [
      "a rule that is no object",
      document({ rules: [5] }),
      "rules[0]: got 5, wanted an object with the keys id, mode, owner, for, schedule, limit, budget, steps",
    ],
    ["a rule without id", withRule({ id: "" }), `rules[0].id: got "", wanted ${ID}`],
    [
      "an id with spaces",
      withRule({ id: "no run over 5" }),
      `rules[0].id: got "no run over 5", wanted ${ID}`,
    ],
    [
      "an id twice",
      document({ rules: [rule(), rule()] }),
      'rules[1].id: got "r1", wanted an id that no other rule has',
    ],
    [
      "no limit",
      withRule({ limit: {} }),
      `rules[0].limit: got {}, wanted exactly one of ${LIMITS}; write a rule for each`,
    ],
    [
      "two limits",
      withRule({ limit: { usageTotalUsd: 5, runTime: "6h" } }),
      `rules[0].limit: got {"usageTotalUsd":5,"runTime":"6h"}, wanted exactly one of ${LIMITS}; write a rule for each`,
    ],
    [
      "a limit that is no object",
      withRule({ limit: 5 }),
      `rules[0].limit: got 5, wanted one limit, such as usageTotalUsd: 5; limits are ${LIMITS}`,
    ],
    [
      "a mistyped limit",
      withRule({ limit: { runtime: "6h" } }),
      `rules[0].limit.runtime: got "6h", wanted a limit (did you mean "runTime"?); limits are ${LIMITS}`,
    ],
    [
      "a stat without a name",
      withRule({ limit: { "stats.": 5 } }),
      `rules[0].limit.stats.: got 5, wanted a limit; limits are ${LIMITS}`,
    ],
    [
      "a cost of nothing",
      withRule({ limit: { usageTotalUsd: 0 } }),
      `rules[0].limit.usageTotalUsd: got 0, wanted ${COST}`,
    ],
    [
      "a negative cost",
      withRule({ limit: { usageTotalUsd: "-5" } }),
      `rules[0].limit.usageTotalUsd: got "-5", wanted ${COST}`,
    ],
    [
      "less than a micro-dollar",
      withRule({ limit: { usageTotalUsd: 0.0000001 } }),
      `rules[0].limit.usageTotalUsd: got 1e-7, wanted ${COST}`,
    ],
    [
      "more than a million",
      withRule({ limit: { usageTotalUsd: 1_000_000.01 } }),
      `rules[0].limit.usageTotalUsd: got 1000000.01, wanted ${COST}`,
    ],
    [
      "a cost left blank",
      withRule({ limit: { usageTotalUsd: null } }),
      `rules[0].limit.usageTotalUsd: got null, wanted ${COST}`,
    ],
    [
      "no time at all",
      withRule({ limit: { runTime: "0h" } }),
      `rules[0].limit.runTime: got "0h", wanted ${TIME}`,
    ],
    [
      "a time without unit",
      withRule({ limit: { queueTime: 600 } }),
      `rules[0].limit.queueTime: got 600, wanted ${TIME}`,
    ],
    [
      "a time without end",
      withRule({ limit: { runTime: `${"9".repeat(400)}h` } }),
      `rules[0].limit.runTime: got "${"9".repeat(56)}…, wanted ${TIME}`,
    ],
    [
      "a size for a count",
      withRule({ limit: { "stats.rebootCount": "5MB" } }),
      `rules[0].limit.stats.rebootCount: got "5MB", wanted ${STAT}`,
    ],
    [
      "a negative stat",
      withRule({ limit: { "stats.netRxBytes": -1 } }),
      `rules[0].limit.stats.netRxBytes: got -1, wanted ${STAT}`,
    ],
    [
      "no steps",
      withRule({ steps: [] }),
      'rules[0].steps: got [], wanted a list of steps such as { at: "100%", do: abort } with at least one in it',
    ],
    [
      "a share without its sign",
      withRule({ steps: [{ at: 100, do: "abort" }] }),
      `rules[0].steps[0].at: got 100, wanted ${SHARE}`,
    ],
    [
      "a share of nothing",
      withRule({ steps: [{ at: "0%", do: "abort" }] }),
      `rules[0].steps[0].at: got "0%", wanted ${SHARE}`,
    ],
    [
      "a share beyond 1000 %",
      withRule({ steps: [{ at: "1001%", do: "abort" }] }),
      `rules[0].steps[0].at: got "1001%", wanted ${SHARE}`,
    ],
    [
      "an unknown action",
      withRule({ steps: [{ at: "100%", do: "kill" }] }),
      'rules[0].steps[0].do: got "kill", wanted one of notify, abort, abort-now',
    ],
    [
      "steps that fall",
      withRule({ steps: [step, { at: "80%", do: "notify" }] }),
      'rules[0].steps: got [{"at":"100%","do":"abort"},{"at":"80%","do":"notify"}], wanted steps in ascending order, each share once',
    ],
    [
      "a share twice",
      withRule({ steps: [{ at: "100%", do: "abort-now" }, step] }),
      'rules[0].steps: got [{"at":"100%","do":"abort-now"},{"at":"100%","do":"abort"}], wanted steps in ascending order, each share once; a second one at a share must differ in basis, or be the notice to an abort',
    ],
    [
      "grace for a run on its way out",
      withRule({ limit: { abortingTime: "2m" } }),
      'rules[0].steps[0].do: got "abort", wanted notify or abort-now; a run that is ABORTING was already asked to end gracefully',
    ],
    [
      "an empty list of Actors",
      withRule({ for: { actors: [] } }),
      `rules[0].for.actors: got [], wanted ${all("Actors")}`,
    ],
    [
      "one Actor, not in a list",
      withRule({ for: { actors: "acme/shop" } }),
      `rules[0].for.actors: got "acme/shop", wanted ${all("Actors")}`,
    ],
    [
      "an empty list of excepted tasks",
      withRule({ for: { except: { tasks: [] } } }),
      `rules[0].for.except.tasks: got [], wanted ${all("tasks")}`,
    ],
    [
      "a glob without an owner",
      withRule({ for: { actors: ["shop-*"] } }),
      `rules[0].for.actors[0]: got "shop-*", wanted ${NAME}`,
    ],
    [
      "an empty name",
      withRule({ for: { tasks: ["acme/shop", ""] } }),
      `rules[0].for.tasks[1]: got "", wanted ${NAME}`,
    ],
    [
      "an origin in small letters",
      withRule({ for: { origins: ["scheduler"] } }),
      `rules[0].for.origins[0]: got "scheduler", wanted ${ORIGIN}`,
    ],
    [
      "a mistyped selector",
      withRule({ for: { actor: ["acme/shop"] } }),
      'rules[0].for.actor: got an unknown key, "actor", wanted "actors", or another of the keys actors, tasks, origins, builds, memory, pricingModels, except',
    ],
    [
      "an exception from an exception",
      withRule({ for: { except: { except: {} } } }),
      'rules[0].for.except.except: got an unknown key, "except", wanted only the keys actors, tasks, origins, builds, memory, pricingModels',
    ],
    [
      "a selector left blank",
      withRule({ for: null }),
      "rules[0].for: got null, wanted an object with the keys actors, tasks, origins, builds, memory, pricingModels, except",
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

  it("does not take an empty list for a selector of every run", () => {
    expect(() => parsePolicy(withRule({ for: [] }))).toThrow(PolicyError);
  });

  it("fills in every default", () => {
    expect(parsePolicy(document())).toEqual({
      version: 1,
      mode: "observe",
      timeZone: "UTC",
      escalation: { forceAfterSecs: 60, alarmAfterSecs: 300 },
      guards: { maxAborts: { perTick: 10, perHour: 30, percentOfLive: 50 }, staleAfterSecs: 600 },
      rules: [
        {
          id: "r1",
          limit: { metric: "usageTotalUsd", value: usd(5) },
          steps: [{ at: 100, do: "abort" }],
        },
      ],
    });
  });

  it("keeps what is given beside the defaults", () => {
    const parsed = parsePolicy(
      document({
        mode: "enforce",
        escalation: { alarmAfter: "10m" },
        guards: { maxAborts: { perHour: 3 } },
        rules: [
          rule({ mode: "observe", for: { origins: ["SCHEDULER"], except: { actors: ["acme/nightly-*"] } } }),
        ],
      }),
    );
    expect(parsed).toMatchObject({
      mode: "enforce",
      escalation: { forceAfterSecs: 60, alarmAfterSecs: 600 },
      guards: { maxAborts: { perTick: 10, perHour: 3, percentOfLive: 50 } },
      rules: [{ mode: "observe", for: { origins: ["SCHEDULER"], except: { actors: ["acme/nightly-*"] } } }],
    });
  });

  it("reads a guard of 0 as none, not as no guard", () => {
    const maxAborts = { perTick: 0, perHour: 0, percentOfLive: 0 };
    expect(parsePolicy(document({ guards: { maxAborts } })).guards.maxAborts).toEqual(maxAborts);
  });

  it("reads percentOfLive with its sign and without", () => {
    const percentOf = (percentOfLive: unknown) =>
      parsePolicy(document({ guards: { maxAborts: { percentOfLive } } })).guards.maxAborts.percentOfLive;
    expect([percentOf(25), percentOf("25%")]).toEqual([25, 25]);
  });

  it("takes an alarm at the very moment of the forced abort", () => {
    expect(parsePolicy(document({ escalation: { forceAfter: "2m", alarmAfter: "2m" } })).escalation).toEqual({
      forceAfterSecs: 120,
      alarmAfterSecs: 120,
    });
  });

  it.each([
    [{ usageTotalUsd: "$5.50" }, { metric: "usageTotalUsd", value: usd(5.5) }],
    [{ usageTotalUsd: 1_000_000 }, { metric: "usageTotalUsd", value: usd(1_000_000) }],
    [{ runTime: "1d12h" }, { metric: "runTime", value: 129_600 }],
    [{ queueTime: "10m" }, { metric: "queueTime", value: 600 }],
    [{ "stats.netRxBytes": "20GB" }, { metric: "stats.netRxBytes", value: 20_000_000_000 }],
    [{ "stats.netRxBytes": 1024 }, { metric: "stats.netRxBytes", value: 1024 }],
    [{ "stats.cpuAvgUsage": 99.5 }, { metric: "stats.cpuAvgUsage", value: 99.5 }],
  ])("reads the limit %j in its unit", (limit, parsed) => {
    expect(parsePolicy(withRule({ limit })).rules[0]?.limit).toEqual(parsed);
  });

  it("throws nothing but PolicyError, whatever JSON it is given", () => {
    const key = fc.constantFrom(
      "version",
      "mode",
      "rules",
      "guards",
      "maxAborts",
      "id",
      "limit",
      "steps",
      "for",
      "at",
      "do",
      "__proto__",
      "constructor",
    );
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, 0, -1, 1, 1e308, "", "100%", "abort", "6h", "enforce"),
        fc.array(tie("json"), { maxLength: 3 }),
        fc.dictionary(fc.oneof(key, fc.string({ maxLength: 3 })), tie("json"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.oneof(
          json,
          fc.jsonValue(),
          json.map((rules) => document({ rules })),
        ),
        (any) => {
          try {
            parsePolicy(any);
          } catch (error) {
            expect(error).toBeInstanceOf(PolicyError);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it("refuses or keeps, but never drops, a part of a document that is spoiled in one place", () => {
    const good = document({
      mode: "enforce",
      escalation: { forceAfter: "60s", alarmAfter: "5m" },
      guards: { maxAborts: { perTick: 10, perHour: 30, percentOfLive: 50 } },
      rules: [rule({ for: { actors: ["acme/shop"], except: { origins: ["API"] } } })],
    });
    const places = placesOf(good);
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.constantFrom<unknown>(null, true, {}, [[]], "%", -1, Number.NaN, ""),
        (place, spoil) => {
          expect(() => parsePolicy(spoiled(good, place, spoil))).toThrow(PolicyError);
        },
      ),
    );
  });
});

type Place = readonly (string | number)[];

/** Where every leaf of a document is. */
function placesOf(value: unknown, at: Place = []): readonly Place[] {
  if (typeof value !== "object" || value === null) return [at];
  return Object.entries(value).flatMap(([key, each]) => placesOf(each, [...at, key]));
}

function spoiled(document: unknown, place: Place, value: unknown): unknown {
  const copy = structuredClone(document);
  const parent = place
    .slice(0, -1)
    .reduce((each, key) => (each as Record<string | number, unknown>)[key], copy);
  (parent as Record<string | number, unknown>)[place.at(-1) ?? ""] = value;
  return copy;
}
