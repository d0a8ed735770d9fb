import { describe, expect, it } from "vitest";
import { formatPath } from "../../../src/policy/language/errors.ts";
import { parsePolicy } from "../../../src/policy/language/parse.ts";
import { warningsOf } from "../../../src/policy/language/warnings.ts";
import { document, rule, withBudget, withRule } from "../documents.ts";

const told = (written: unknown): readonly string[] =>
  warningsOf(parsePolicy(written)).map(({ path, warning }) => `${formatPath(path)}: ${warning}`);

const enforced = (maxAborts: object, overrides: Record<string, unknown> = {}) =>
  document({ mode: "enforce", guards: { maxAborts }, rules: [rule(overrides)] });
const NOTIFIES = { steps: [{ at: "100%", do: "notify" }] };

describe("warningsOf()", () => {
  it("has nothing against a plain policy, nor against one with everything in it", () => {
    const rules = [
      rule({ id: "a", for: { actors: ["acme/shop-*"], except: { actors: ["acme/shop-slow"] } } }),
      rule({ id: "b", limit: { noTimeout: true }, steps: [{ at: "100%", do: "abort" }] }),
      rule({ id: "c", limit: { timesTypical: { usd: 3 } }, ...NOTIFIES }),
      rule({ id: "d", limit: { timesTypical: { usd: 3, samples: 2 } }, ...NOTIFIES }),
      rule({ id: "f", limit: { "events.restartCount": 3 } }),
    ];
    expect(told(document({ mode: "enforce", rules }))).toEqual([]);
  });

  it.each([
    [{ actors: ["acme/shop-a", "acme~shop-b"], except: { actors: ["Acme/shop-*"] } }, "actors"],
    [{ except: { actors: ["*"] } }, "actors"],
    [{ tasks: ["moJRLRc85AitArpNN"], except: { tasks: ["*"] } }, "tasks"],
    [{ origins: ["STANDBY"], except: { origins: ["STANDBY", "API"] } }, "origins"],
    [{ builds: ["0.1.2"], except: { builds: ["0.1.*"] } }, "builds"],
    [{ memory: [">=4GB"], except: { memory: [">=4096MB"] } }, "memory"],
    [{ pricingModels: ["FREE"], except: { pricingModels: ["FREE"] } }, "pricingModels"],
  ])("tells of %j, which selects no run", (selector, key) => {
    expect(told(withRule({ for: selector }))).toEqual([
      `rules[0].for: except.${key} excepts all that is selected, so the rule applies to no run; drop one of the two`,
    ]);
  });

  it.each([
    { actors: ["acme/shop-*"], except: { actors: ["acme/shop"] } },
    { actors: ["*"], except: { actors: ["acme/*"] } },
    { actors: ["moJRLRc85AitArpNN"], except: { actors: ["acme/*"] } },
    { actors: ["moJRLRc85AitArpNN"], except: { actors: ["mojrlrc85aitarpnn"] } },
    { except: { tasks: ["*"] } },
    { except: { origins: ["API"] } },
    { memory: [">=4GB"], except: { memory: [">4GB"] } },
  ])("is silent on %j, which may select some", (selector) => {
    expect(told(withRule({ for: selector }))).toEqual([]);
  });

  it("tells of budgets of tasks that some runs may be in none of", () => {
    const budget = { usd: 5, per: "day", each: "task" };
    expect(told(withBudget({ budget }))).toEqual([
      "rules[0].budget.each: runs without a task are in no budget of a task; name the tasks in for.tasks, or give the others a budget of their own",
    ]);
    expect(told(withBudget({ budget, for: { tasks: ["*"] } }))).toEqual([]);
    expect(told(withBudget({ budget: { ...budget, each: "actor" } }))).toEqual([]);
  });

  it("tells of budgets of schedules that runs of another origin are in none of", () => {
    const budget = { usd: 5, per: "day", each: "schedule" };
    const warning =
      "rules[0].budget.each: runs that no schedule started are in no budget of a schedule; write origins: [SCHEDULER] in for, or give the others a budget of their own";
    expect(told(withBudget({ budget }))).toEqual([warning]);
    expect(told(withBudget({ budget, for: { origins: ["SCHEDULER", "API"] } }))).toEqual([warning]);
    expect(told(withBudget({ budget, for: { origins: ["SCHEDULER"] } }))).toEqual([]);
    expect(told(withBudget({ budget, for: { schedules: ["nightly"] } }))).toEqual([]);
  });

  it.each([
    [{ schedules: ["night-*"], except: { schedules: ["*"] } }, 1],
    [{ schedules: ["night-eu"], except: { schedules: ["night-*"] } }, 1],
    [{ schedules: ["nightlynightly123"], except: { schedules: ["night*"] } }, 0],
    [{ except: { schedules: ["*"] } }, 0],
  ])("tells of what excepts all schedules that it selects, and of nothing less: %j", (selector, warnings) => {
    expect(told(withRule({ for: selector }))).toHaveLength(warnings);
  });

  it("has nothing against steps above all of a budget, nor against one of a usage cycle", () => {
    const steps = [
      { at: "100%", do: "abort" },
      { at: "150%", do: "abort-now" },
    ];
    expect(told(withBudget({ budget: { usd: 5, per: "cycle" }, steps }))).toEqual([]);
  });

  it("tells of a budget that is for no run", () => {
    expect(told(withBudget({ for: { origins: ["API"], except: { origins: ["API"] } } }))).toHaveLength(1);
  });

  it("tells of a share of noTimeout that no run reaches", () => {
    const steps = [
      { at: "100%", do: "notify" },
      { at: "150%", do: "abort" },
    ];
    expect(told(withRule({ limit: { noTimeout: true }, steps }))).toEqual([
      "rules[0].steps[1].at: 150% is never reached: a run is at 100% of noTimeout or at 0%",
    ]);
  });

  it("tells of time zones that are likely not meant, each where it is written", () => {
    const fixed = (zone: string, place: string): string =>
      `${zone} keeps no daylight saving time, so it is an hour off for half of the year wherever clocks change; did you mean ${place}?`;
    const by = { days: ["mon"], timeZone: "+02:00" };
    const steps = [{ at: "100%", do: "abort", schedule: { days: ["tue"], timeZone: "EST" } }];
    expect(told(document({ timeZone: "EST", rules: [rule({ schedule: { days: ["mon"] } })] }))).toEqual([
      `timeZone: ${fixed("EST", "America/New_York")}`,
    ]);
    expect(told(withRule({ schedule: by, steps: [{ at: "100%", do: "abort" }] }))).toEqual([
      `rules[0].schedule.timeZone: ${fixed("+02:00", "Europe/Athens or Europe/Prague")}`,
    ]);
    expect(told(withRule({ steps }))).toEqual([
      `rules[0].steps[0].schedule.timeZone: ${fixed("EST", "America/New_York")}`,
    ]);
  });

  it("tells of ids that differ in capitals alone", () => {
    const rules = [rule({ id: "Shops" }), rule({ id: "shops" }), rule({ id: "shops2" })];
    expect(told(document({ rules }))).toEqual([
      "rules[1].id: it differs from Shops in capitals alone; name it otherwise",
    ]);
  });

  it("tells of one percent of the live runs, which may be meant for all", () => {
    expect(told(enforced({ percentOfLive: 1 }))).toEqual([
      "guards.maxAborts.percentOfLive: 1 is 1%: of fewer than 300 live runs it stops 3; all of them are 100",
    ]);
  });

  it("tells of a stop on an estimate, which may be more than the bill, and of no notice", () => {
    const by = (action: string) => [{ at: "100%", do: action, basis: "estimate" }];
    expect(told(withRule({ steps: by("abort") }))).toEqual([
      "rules[0].steps[0].basis: a stop on an estimate is taken only where it is known that the Actor is not your own, and else goes by what Apify reports; notify on the estimate, and stop without a basis",
    ]);
    expect(told(withRule({ steps: by("notify") }))).toEqual([]);
  });

  it("asks of a stop at a multiple of what is usual, which ends healthy runs as well", () => {
    const by = (action: string, figure: object = { usd: 3 }) =>
      warningsOf(
        parsePolicy(withRule({ limit: { timesTypical: figure }, steps: [{ at: "100%", do: action }] })),
      );
    const asked = {
      path: ["rules", 0, "limit", "timesTypical"],
      warning:
        "a stop at so many times the usual ends healthy runs as well, of what was measured from 1.5% to 14%; notify on it, and stop on a limit of its own",
      kind: "ask",
    };
    expect([by("abort"), by("abort-now", { runTime: 5 })]).toEqual([[asked], [asked]]);
    expect(by("notify")).toEqual([]);
  });

  it("tells of a stop that rests on a handful of runs", () => {
    const slips = (samples: number, overrides: object = {}) =>
      warningsOf(parsePolicy(withRule({ limit: { timesTypical: { runTime: 3, samples } }, ...overrides })))
        .filter(({ kind }) => kind === "slip")
        .map(({ path, warning }) => `${formatPath(path)}: ${warning}`);
    expect(slips(4)).toEqual([
      "rules[0].limit.timesTypical.samples: 4 is few to say what is usual, for a rule that stops; 5 or more are safer",
    ]);
    expect([slips(5), slips(4, NOTIFIES)]).toEqual([[], []]);
  });

  it("tells of a stat that is nearly one that Apify documents", () => {
    expect(told(withRule({ limit: { "stats.restartCont": 5 } }))).toEqual([
      "rules[0].limit.stats.restartCont: Apify documents no such field, and what it does not report is never a breach; did you mean stats.restartCount?",
    ]);
  });

  it.each<[Record<string, unknown>, string]>([
    [
      { limit: { "stats.aFieldOfTomorrow": 3 } },
      "limit.stats.aFieldOfTomorrow: Apify documents no such field, and what it does not report is never a breach",
    ],
    [
      { limit: { "usage.PROXY_SERP": 3 } },
      "limit.usage.PROXY_SERP: Apify documents no such service, and what it does not report is never a breach; did you mean usage.PROXY_SERPS?",
    ],
    [
      { limit: { "usageUsd.BANANAS": 3 } },
      "limit.usageUsd.BANANAS: Apify documents no such service, and what it does not report is never a breach",
    ],
    [
      { for: { pricingModels: ["PAY_PER_EVENTS"] } },
      "for.pricingModels.0: Apify documents no such pricing model, and until it reports one this selects nothing; did you mean PAY_PER_EVENT?",
    ],
    [
      { for: { except: { pricingModels: ["SOMETHING_NEW"] } } },
      "for.except.pricingModels.0: Apify documents no such pricing model, and until it reports one this excepts nothing",
    ],
    [
      { for: { origins: ["API", "SCHEDULED"] } },
      "for.origins.1: Apify documents no such origin, and until it reports one this selects nothing; did you mean SCHEDULER?",
    ],
  ])("tells of %j, which Apify does not document", (written, warning) => {
    const told = warningsOf(parsePolicy(withRule(written)));
    expect(told.map(({ path, ...each }) => `${path.slice(2).join(".")}: ${each.warning}`)).toEqual([warning]);
  });

  it("has nothing against what Apify documents, and what was seen of it", () => {
    for (const limit of [{ "usageUsd.PAID_ACTORS_PER_EVENT": 5 }, { "events.anything": 5 }, { noCap: true }])
      expect(told(withRule({ limit }))).toEqual([]);
    expect(told(withRule({ for: { origins: ["APIFY_AI"], pricingModels: ["NONE"] } }))).toEqual([]);
  });

  it("tells of a step whose schedule is shut whenever the rule's is open", () => {
    const by = (...hours: string[]) => [{ at: "100%", do: "abort", schedule: { hours } }];
    const schedule = { days: ["mon-fri"], hours: ["08:00-18:00"] };
    expect(told(withRule({ schedule, steps: by("18:00-08:00") }))).toEqual([
      "rules[0].steps[0].schedule: it is never open while the rule's own schedule is, so the step is never reached",
    ]);
    expect(told(withRule({ schedule, steps: by("18:00-08:01") }))).toEqual([]);
    const elsewhere = [
      { at: "100%", do: "abort", schedule: { hours: ["18:00-08:00"], timeZone: "Asia/Tokyo" } },
    ];
    expect(told(withRule({ schedule, steps: elsewhere }))).toEqual([]);
  });

  it.each(["perTick", "perHour", "percentOfLive"])(
    "tells of enforced rules that %s: 0 keeps from stopping",
    (guard) => {
      expect(told(enforced({ [guard]: 0 }))).toEqual([
        `guards.maxAborts.${guard}: 0 means that no run is ever stopped, although mode is enforce for r1; to stop none, write mode: observe`,
      ]);
    },
  );

  it("tells of enforced rules that nothing bounds", () => {
    expect(told(enforced({ perTick: 1000, perHour: 1000, percentOfLive: 100 }))).toEqual([
      "guards.maxAborts: nothing bounds how many runs a wrong rule may stop; lower one of perTick, perHour, percentOfLive",
    ]);
    expect(told(enforced({ perTick: 1000, perHour: 1000, percentOfLive: 99 }))).toEqual([]);
    expect(told(enforced({ perTick: 1000, perHour: 256, percentOfLive: 100 }))).toEqual([]);
  });

  it.each([
    ["only observes", enforced({ perTick: 0 }, { mode: "observe" })],
    ["only notifies", enforced({ perTick: 0 }, NOTIFIES)],
  ])("is silent on guards where every rule %s", (_what, written) => {
    expect(told(written)).toEqual([]);
  });
});
