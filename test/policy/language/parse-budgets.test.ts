import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/language/parse.ts";
import { usd } from "../../support/builders.ts";
import { document, refusal, rule, spender, withBudget, withRule } from "../documents.ts";

const EITHER = "a limit or a budget; a rule has exactly one of the two";
const LEDGER =
  "only the keys actors, tasks, schedules, origins, except; what a budget has spent is known by Actor, task, schedule and origin alone";
const COST = "an amount in USD above 0, for example 5 or 0.25";
const ONE_OF = "usd, runs or failures; a budget has exactly one of the three";
const PER = "one of hour, day, week, month, cycle";
const EACH = "one of account, actor, task, schedule, origin";
const BASIS = "one of actual, projected, account; what is spent is never estimated";
const STALE = "a duration of at least 2m, for the watchdog looks once a minute and may miss a look";

const projected = { at: "100%", do: "notify", basis: "projected" };

describe("parsePolicy() of a budget", () => {
  it("reads it with its defaults and the policy's time zone", () => {
    const [read] = parsePolicy(document({ timeZone: "Europe/Prague", rules: [spender()] })).rules;
    expect(read).toEqual({
      id: "b1",
      budget: { of: "usd", limit: usd(300), per: "month", each: "account", timeZone: "Europe/Prague" },
      steps: [{ at: 100, do: "abort" }],
    });
  });

  it("reads all that a rule of a budget may have", () => {
    const written = spender({
      mode: "observe",
      owner: "shop-team",
      for: { actors: ["acme/shop-*"], origins: ["STANDBY"], except: { tasks: ["acme/black-friday"] } },
      schedule: { days: ["mon-fri"] },
      budget: { usd: "$0.50", per: "cycle", each: "task" },
      steps: [{ at: "50%", do: "notify" }, projected, { at: "100%", do: "abort", basis: "actual" }],
    });
    expect(parsePolicy(document({ rules: [written] })).rules).toEqual([
      {
        id: "b1",
        mode: "observe",
        owner: "shop-team",
        for: { actors: ["acme/shop-*"], origins: ["STANDBY"], except: { tasks: ["acme/black-friday"] } },
        schedule: { days: [1, 2, 3, 4, 5], timeZone: "UTC" },
        budget: { of: "usd", limit: usd(0.5), per: "cycle", each: "task", timeZone: "UTC" },
        steps: [
          { at: 50, do: "notify" },
          { at: 100, do: "notify", basis: "projected" },
          { at: 100, do: "abort" },
        ],
      },
    ]);
  });

  it.each([
    ["runs", 500],
    ["failures", 20],
  ])("reads one of %s as a count", (of, limit) => {
    const written = spender({ budget: { [of]: limit, per: "hour", each: "schedule" } });
    expect(parsePolicy(document({ rules: [written] })).rules[0]?.budget).toEqual({
      of,
      limit,
      per: "hour",
      each: "schedule",
      timeZone: "UTC",
    });
  });

  it.each<[string, unknown, string, string]>([
    ["neither", { budget: undefined }, "limit: got nothing", EITHER],
    [
      "a slip in the key",
      { budget: undefined, limit: { usageTotalUsd: 5 }, buget: 5 },
      'buget: got an unknown key, "buget"',
      '"budget", or another of the keys id, mode, owner, for, schedule, limit, budget, steps',
    ],
    [
      "a bare amount",
      { budget: 300 },
      "budget: got 300",
      "an object with the keys usd, runs, failures, per, each",
    ],
    [
      "nothing in it",
      { budget: null },
      "budget: got null",
      "an object with the keys usd, runs, failures, per, each",
    ],
    ["no amount", { budget: { per: "day" } }, "budget.usd: got nothing", ONE_OF],
    ["no window", { budget: { usd: 5 } }, "budget.per: got nothing", "this key; it is required"],
    [
      "two amounts",
      { budget: { usd: 5, runs: 3, per: "day" } },
      "budget.runs: got 3",
      "no other amount, for the budget has usd; write a rule for each",
    ],
    [
      "two counts",
      { budget: { failures: 5, runs: 3, per: "day" } },
      "budget.failures: got 5",
      "no other amount, for the budget has runs; write a rule for each",
    ],
    [
      "half a run",
      { budget: { runs: 0.5, per: "day" } },
      "budget.runs: got 0.5",
      "a whole number of runs above 0, for example 20",
    ],
    [
      "no failures",
      { budget: { failures: 0, per: "day" } },
      "budget.failures: got 0",
      "a whole number of failures above 0, for example 20",
    ],
    ["an amount of 0", { budget: { usd: 0, per: "day" } }, "budget.usd: got 0", COST],
    ["other money", { budget: { usd: "5 EUR", per: "day" } }, 'budget.usd: got "5 EUR"', COST],
    [
      "a slip in the window",
      { budget: { usd: 5, per: "months" } },
      'budget.per: got "months"',
      `${PER} (did you mean month?)`,
    ],
    [
      "a window of its own",
      { budget: { usd: 5, per: "30d" } },
      'budget.per: got "30d"',
      `${PER} (did you mean month?)`,
    ],
    [
      "something else that has one",
      { budget: { usd: 5, per: "day", each: "run" } },
      'budget.each: got "run"',
      EACH,
    ],
    [
      "a zone of its own",
      { budget: { usd: 5, per: "day", timeZone: "UTC" } },
      'budget.timeZone: got an unknown key, "timeZone"',
      "only the keys usd, runs, failures, per, each; timeZone stands at the top of the policy, or in a schedule",
    ],
    ["builds", { for: { builds: ["latest"] } }, 'for.builds: got an unknown key, "builds"', LEDGER],
    [
      "memory to be excepted",
      { for: { except: { memory: ["4GB"] } } },
      'for.except.memory: got an unknown key, "memory"',
      LEDGER.replace(", except", ""),
    ],
    [
      "an estimate",
      { steps: [{ at: "100%", do: "abort", basis: "estimate" }] },
      'steps[0].basis: got "estimate"',
      BASIS,
    ],
  ])("refuses %s", (_what, wrong, got, wanted) => {
    const written = withBudget(wrong as Record<string, unknown>);
    expect(refusal(written).message).toBe(`rules[0].${got}, wanted ${wanted}`);
  });

  it("refuses one beside a limit", () => {
    const message = refusal(withRule({ budget: { usd: 5, per: "day" } })).message;
    expect(message).toBe(
      'rules[0].budget: got {"usd":5,"per":"day"}, wanted no budget, for the rule has a limit; write a rule for each',
    );
  });

  it("refuses to project a limit", () => {
    expect(refusal(withRule({ steps: [projected] })).message).toBe(
      'rules[0].steps[0].basis: got "projected", wanted one of actual, estimate; only a budget is projected, or held against the account\'s own figure',
    );
  });

  it("tells of other mistakes beside a missing limit", () => {
    expect(refusal(withRule({ limit: undefined, id: "" })).problems).toHaveLength(2);
  });

  it("takes a second rule's id for taken, whichever kind the two are of", () => {
    const written = document({ rules: [rule({ id: "same" }), spender({ id: "same" })] });
    expect(refusal(written).message).toContain("wanted an id that no other rule has");
  });
});

describe("parsePolicy() of guards.staleAfter", () => {
  const parsed = (staleAfter: unknown) =>
    parsePolicy(document({ guards: { staleAfter } })).guards.staleAfterSecs;

  it("reads it in seconds", () => {
    expect(parsed("2m")).toBe(120);
    expect(parsed("1h30m")).toBe(5400);
  });

  it.each(["119s", "10", 600, ""])("refuses %j", (written) => {
    const got = JSON.stringify(written);
    expect(refusal(document({ guards: { staleAfter: written } })).message).toBe(
      `guards.staleAfter: got ${got}, wanted ${STALE}`,
    );
  });

  const BY_ACCOUNT =
    "for a step on basis: account, which is what Apify says of the whole account in its usage cycle";
  it.each<[string, object, string]>([
    [
      "a stop",
      { steps: [{ at: "100%", do: "abort", basis: "account" }] },
      'rules[0].steps[0].do: got "abort", wanted notify; Apify\'s own figure has storage and builds in it, which no stop of a run ends',
    ],
    [
      "a month",
      { budget: { usd: 5, per: "month" } },
      `rules[0].budget.per: got "month", wanted cycle, ${BY_ACCOUNT}`,
    ],
    [
      "each Actor",
      { budget: { usd: 5, per: "cycle", each: "actor" } },
      `rules[0].budget.each: got "actor", wanted account, ${BY_ACCOUNT}`,
    ],
    [
      "some runs",
      { for: { origins: ["API"] } },
      `rules[0].for: got {"origins":["API"]}, wanted no for, ${BY_ACCOUNT}`,
    ],
  ])("holds %s against nothing that Apify says of the account", (_what, wrong, message) => {
    const steps = [{ at: "90%", do: "notify", basis: "account" }];
    const written = { budget: { usd: 5, per: "cycle" }, steps, ...wrong };
    expect(refusal(withBudget(written)).message).toBe(message);
    expect(parsePolicy(withBudget({ budget: { usd: 5, per: "cycle" }, steps })).rules[0]?.steps).toEqual([
      { at: 90, do: "notify", basis: "account" },
    ]);
  });
});
