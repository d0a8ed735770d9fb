import { describe, expect, it } from "vitest";
import { document, refusal, rule, withRule } from "../documents.ts";

const step = { at: "100%", do: "abort" };
const LIMITS =
  "usageTotalUsd, runTime, queueTime, abortingTime, usdPerHour, idleTime, timesTypical, noTimeout, timeout, noCap, usageUsd.<SERVICE>, usage.<SERVICE>, events.<name>, stats.<field>";
const COST = "an amount in USD above 0, for example 5 or 0.25";
const TIME = "a duration above 0, for example 90s, 6h or 1d12h";
const STAT = "a number above 0, or for a field in bytes a size (500MB, 20GiB)";
const SHARE = "a percentage above 0% and up to 1000%, for example 80%";
const NAME = 'an id of 17 letters and digits, or a name with its owner, for example "acme/shop-*"';
const ID = "a name of up to 64 letters, digits, dots, dashes or underscores, for example no-run-over-5-usd";
const ORIGIN = "an origin as Apify spells it, for example SCHEDULER, API, WEB or STANDBY";
const all = (what: string): string =>
  `a list of ${what} with at least one in it; leave the key out to select all`;

describe("parsePolicy()", () => {
  it.each<[string, unknown, string]>([
    [
      "a rule that is no object",
      document({ rules: [5] }),
      "rules[0]: got 5, wanted an object with the keys id, mode, owner, for, schedule, limit, budget, steps",
    ],
    ["a rule without id", withRule({ id: "" }), `rules[0].id: got "", wanted ${ID}`],
    [
      "an id with spaces",
      withRule({ id: "no run over 5" }),
      `rules[0].id: got "no run over 5", wanted ${ID}; did you mean no-run-over-5?`,
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
      `rules[0].limit: got 5, wanted one limit, for example usageTotalUsd: 5; limits are ${LIMITS}`,
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
      'rules[0].steps: got [], wanted a list of steps, for example { at: "100%", do: abort } with at least one in it',
    ],
    [
      "a share without its sign",
      withRule({ steps: [{ at: 100, do: "abort" }] }),
      `rules[0].steps[0].at: got 100, wanted ${SHARE}; a share is written 100%`,
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
      'rules[0].steps[0].do: got "kill", wanted one of notify, abort, abort-now (did you mean abort-now?)',
    ],
    [
      "a hold on a limit",
      withRule({ steps: [{ at: "90%", do: "hold" }] }),
      'rules[0].steps[0].do: got "hold", wanted one of notify, abort, abort-now; only a budget holds the schedules that start its runs',
    ],
    [
      "steps that fall",
      withRule({ steps: [step, { at: "80%", do: "notify" }] }),
      'rules[0].steps: got [{"at":"100%","do":"abort"},{"at":"80%","do":"notify"}], wanted steps in ascending order, each share once',
    ],
    [
      "a share twice",
      withRule({ steps: [{ at: "100%", do: "abort-now" }, step] }),
      'rules[0].steps: got [{"at":"100%","do":"abort-now"},{"at":"100%","do":"abort"}], wanted steps in ascending order, each share once; a second one at a share must differ in basis, or be the notice or the hold to an abort',
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
      `rules[0].for.actors: got "acme/shop", wanted ${all("Actors")}; did you mean ["acme/shop"]?`,
    ],
    [
      "an empty list of excepted tasks",
      withRule({ for: { except: { tasks: [] } } }),
      `rules[0].for.except.tasks: got [], wanted ${all("tasks")}`,
    ],
    [
      "a glob without an owner",
      withRule({ for: { actors: ["shop-*"] } }),
      `rules[0].for.actors[0]: got "shop-*", wanted ${NAME}; did you mean acme/shop-*, with its owner in the place of acme?`,
    ],
    [
      "an empty name",
      withRule({ for: { tasks: ["acme/shop", ""] } }),
      `rules[0].for.tasks[1]: got "", wanted ${NAME}`,
    ],
    [
      "an origin in small letters",
      withRule({ for: { origins: ["scheduler"] } }),
      `rules[0].for.origins[0]: got "scheduler", wanted ${ORIGIN}; did you mean SCHEDULER?`,
    ],
    [
      "a mistyped selector",
      withRule({ for: { actor: ["acme/shop"] } }),
      'rules[0].for.actor: got an unknown key, "actor", wanted "actors", or another of the keys actors, tasks, schedules, origins, builds, memory, pricingModels, except',
    ],
    [
      "a selector's key beside it, that is nearly another",
      withRule({ schedules: ["nightly"] }),
      'rules[0].schedules: got an unknown key, "schedules", wanted "schedule", or another of the keys id, mode, owner, for, schedule, limit, budget, steps; schedules stands in the for of a rule',
    ],
    [
      "an exception from an exception",
      withRule({ for: { except: { except: {} } } }),
      'rules[0].for.except.except: got an unknown key, "except", wanted only the keys actors, tasks, schedules, origins, builds, memory, pricingModels; except stands in the for of a rule',
    ],
    [
      "a selector left blank",
      withRule({ for: null }),
      "rules[0].for: got null, wanted an object with the keys actors, tasks, schedules, origins, builds, memory, pricingModels, except",
    ],
  ])("refuses %s", (_what, wrong, message) => {
    expect(refusal(wrong).message).toBe(message);
  });
});
