import { describe, expect, it } from "vitest";
import { type Policy, PolicyError, parsePolicy } from "../../src/policy/index.ts";
import { type CaseOutcome, checkSpent, parseCases, tryCase } from "../../src/policy-test/index.ts";
import { usd } from "../support/builders.ts";

type Written = Record<string, unknown>;

const STOP = [{ at: "100%", do: "abort" }];

const policyOf = (...rules: readonly Written[]): Policy =>
  parsePolicy({
    version: 1,
    mode: "enforce",
    timeZone: "Europe/Prague",
    rules: rules.map((rule, at) => ({ id: `rule-${at + 1}`, steps: STOP, ...rule })),
  });

const FIVE_USD = policyOf({ limit: { usageTotalUsd: 5 } });

const play = (policy: Policy, written: Written, file: Written = {}): CaseOutcome => {
  const [first] = parseCases({ ...file, cases: [{ name: "a case", ...written }] }).cases;
  if (first === undefined) throw new Error("no case");
  return tryCase(policy, first);
};

/** What is decided of a run, as an expectation would say it. */
const decided = (policy: Policy, run: Written, around: Written = {}) =>
  play(policy, { run, expect: "nothing", ...around }).runs[0]?.got;

const acts = (limit: Written, run: Written, around: Written = {}): boolean =>
  decided(policyOf({ limit }), run, around)?.do !== "nothing";

const problems = (document: unknown): string => {
  try {
    parseCases(document);
    return "none";
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyError);
    return (error as PolicyError).message;
  }
};

const wrong = (run: Written, around: Written = {}): string =>
  problems({ cases: [{ name: "a", run, expect: "nothing", ...around }] });

describe("a run as people write it", () => {
  it.each<[string, Written, Written, Written]>([
    ["what it cost", { usageTotalUsd: 5 }, { usageTotalUsd: 5 }, { usageTotalUsd: 4.99 }],
    ["how long it has been running", { runTime: "1h" }, { runningFor: "1h" }, { runningFor: "59m" }],
    [
      "when it started",
      { runTime: "1h" },
      { startedAt: "2026-11-25T11:00:00Z" },
      { startedAt: "2026-11-25T12:01:00+01:00" },
    ],
    ["how long it waits", { queueTime: "1h" }, { queuedFor: "1h" }, { queuedFor: "59m" }],
    [
      "that its wait is over",
      { runTime: "1h" },
      { queuedFor: "1h", runningFor: "1h" },
      { queuedFor: "9h", runningFor: "59m" },
    ],
    [
      "a stat, of bytes as a size",
      { "stats.netRxBytes": "1GB" },
      { stats: { netRxBytes: "1GB" } },
      { stats: { netRxBytes: 9e8 } },
    ],
    [
      "a gauge at two looks",
      { "stats.memCurrentBytes": "1GB" },
      { stats: { memCurrentBytes: "1GB" } },
      { stats: { memCurrentBytes: "1GB" }, looks: "first" },
    ],
    [
      "its burn rate at two looks",
      { usdPerHour: 2 },
      { usageTotalUsd: 1, usdPerHour: 2 },
      { usageTotalUsd: 1, usdPerHour: 2, looks: "first" },
    ],
    [
      "a service's use",
      { "usage.PROXY_SERPS": 10 },
      { usage: { PROXY_SERPS: 10 } },
      { usage: { PROXY_SERPS: 9 } },
    ],
    [
      "a service's cost",
      { "usageUsd.DATASET_WRITES": 2 },
      { usageUsd: { DATASET_WRITES: 2 } },
      { usageUsd: { DATASET_WRITES: 1.99 } },
    ],
    ["its events", { "events.page": 100 }, { events: { page: 100 } }, { events: { page: 99 } }],
    ["that it idles", { idleTime: "30m" }, { idleFor: "30m" }, { idleFor: "29m" }],
    ["that it works", { idleTime: "1s" }, { idleFor: "1s" }, { idleFor: "0s" }],
    ["that it has no timeout", { noTimeout: true }, { timeout: "none" }, { timeout: "6h" }],
    [
      "what is usual of its cost",
      { timesTypical: { usd: 3 } },
      { usageTotalUsd: 6, typical: { usd: 2 } },
      { usageTotalUsd: 6, typical: { usd: 2, runs: 9 } },
    ],
    [
      "what is usual of its time",
      { timesTypical: { runTime: 2 } },
      { runningFor: "2h", typical: { runTime: "1h" } },
      { runningFor: "1h", typical: { runTime: "1h" } },
    ],
  ])("tells %s", (_what, limit, over, within) => {
    expect(acts(limit, over)).toBe(true);
    expect(acts(limit, within)).toBe(false);
  });

  it("tells how long it is ABORTING, which is its status then", () => {
    const rule = { limit: { abortingTime: "5m" }, steps: [{ at: "100%", do: "abort-now" }] };
    expect(decided(policyOf(rule), { abortingFor: "5m" })?.do).toBe("abort-now");
    expect(decided(policyOf(rule), { status: "TIMING-OUT", abortingFor: "4m" })?.do).toBe("nothing");
  });

  it("tells its prices, of which a cost is estimated", () => {
    const estimated = policyOf({
      limit: { usageTotalUsd: 5 },
      steps: [{ at: "100%", do: "abort", basis: "estimate" }],
    });
    const run = { usageTotalUsd: 1, events: { page: 10_000 } };
    expect(decided(estimated, { ...run, eventPrices: { page: 0.0005 } })?.do).toBe("abort");
    expect(decided(estimated, { ...run, eventPrices: { page: 0.0004 } })?.do).toBe("nothing");
  });

  it("has a later life's time from where that began", () => {
    expect(acts({ runTime: "1h" }, { resurrects: 2, runningFor: "59m" })).toBe(false);
    expect(acts({ "stats.resurrectCount": 2 }, { resurrects: 2 })).toBe(true);
  });

  it.each<[Written, Written, Written]>([
    [{ actors: ["acme/shop-*"] }, { actor: "acme~shop-products" }, { actor: "acme/other" }],
    [{ actors: ["moJRLRc85AitArpNN"] }, { actor: "moJRLRc85AitArpNN" }, { actor: "acme/shop-products" }],
    [{ tasks: ["acme/eu"] }, { task: "acme/eu" }, {}],
    [{ origins: ["SCHEDULER"] }, { origin: "SCHEDULER" }, {}],
    [{ builds: ["beta"] }, { build: "beta" }, { build: "latest", buildNumber: "0.1.7" }],
    [{ memory: [">=4GB"] }, { memory: "4GB" }, { memory: "2048MB" }],
    [{ pricingModels: ["FREE"] }, { pricingModel: "FREE" }, { pricingModel: "NONE" }],
  ])("is selected by what is said of it: %j", (selector, chosen, other) => {
    const policy = policyOf({ for: selector, limit: { usageTotalUsd: 5 } });
    expect(decided(policy, { ...chosen, usageTotalUsd: 7 })?.do).toBe("abort");
    expect(decided(policy, { ...other, usageTotalUsd: 7 })?.do).toBe("nothing");
  });

  it("is unknown in what is not said of it, which stops nothing and excepts", () => {
    expect(decided(FIVE_USD, {})?.do).toBe("nothing");
    const excepted = policyOf({ for: { except: { actors: ["acme/*"] } }, limit: { usageTotalUsd: 5 } });
    expect(decided(excepted, { usageTotalUsd: 7 })?.do).toBe("nothing");
    expect(decided(excepted, { usageTotalUsd: 7, actor: "other/shop" })?.do).toBe("abort");
    // Written by its id it has no name that is known.
    expect(decided(excepted, { usageTotalUsd: 7, actor: "moJRLRc85AitArpNN" })?.do).toBe("nothing");
  });
});

describe("what stands around a run", () => {
  it("is the time: the case's, else the file's, else a Wednesday's noon in UTC", () => {
    const friday = { days: ["fri"], hours: ["22:00-06:00"] };
    const policy = policyOf({ limit: { usageTotalUsd: 5 }, schedule: friday });
    const run = { usageTotalUsd: 7 };
    const at = (now: string | undefined, file: Written = {}) =>
      play(policy, { run, expect: "nothing", ...(now && { now }) }, file).runs[0]?.got.do;
    expect(at(undefined)).toBe("nothing");
    // 21:30 in UTC is 22:30 in Prague.
    expect(at("2026-11-27T21:30:00Z")).toBe("abort");
    expect(at(undefined, { now: "2026-11-27T21:30:00Z" })).toBe("abort");
    expect(at("2026-11-27T20:30:00Z", { now: "2026-11-27T21:30:00Z" })).toBe("nothing");
  });

  it("is a pause", () => {
    expect(decided(FIVE_USD, { usageTotalUsd: 7 }, { paused: true })).toMatchObject({
      do: "hold",
      guard: "pause",
    });
    expect(decided(FIVE_USD, { usageTotalUsd: 7 }, { paused: false })).toMatchObject({
      do: "abort",
      called: true,
    });
  });

  it.each<[Written, boolean]>([
    [{ run: "run" }, true],
    [{ actor: "acme~shop" }, true],
    [{ task: "acme/eu" }, true],
    [{ rule: "rule-1" }, true],
    [{ actor: "acme/shop", until: "2h", ceiling: 8 }, true],
    [{ actor: "acme/shop", ceiling: 7 }, false],
    [{ actor: "acme/shop", until: "2026-11-25T11:59:59Z" }, false],
    [{ actor: "acme/other" }, false],
  ])("is an exemption: %j", (exempt, holds) => {
    const run = { actor: "acme~shop", task: "acme/eu", usageTotalUsd: 7 };
    const expected = holds ? { do: "hold", guard: "exemption" } : { do: "abort" };
    expect(decided(FIVE_USD, run, { exempt })).toMatchObject(expected);
    expect(decided(FIVE_USD, run, { exempt: [{ run: "other" }, exempt] })).toMatchObject(expected);
  });

  it("is what was stopped before, and what else is live", () => {
    const guardOf = (around: Written) => decided(FIVE_USD, { usageTotalUsd: 7 }, around)?.guard;
    expect(guardOf({ stoppedInLastHour: 29, otherLiveRuns: 60 })).toBeUndefined();
    expect(guardOf({ stoppedInLastHour: 30, otherLiveRuns: 60 })).toBe("perHour");
    expect(guardOf({ stoppedInLastHour: 29, otherLiveRuns: 20 })).toBe("percentOfLive");
  });

  it("is the other runs, which share the blast radius", () => {
    const maxAborts = { perTick: 1, perHour: 30, percentOfLive: 50 };
    const policy = { ...FIVE_USD, guards: { ...FIVE_USD.guards, maxAborts } };
    const { passed } = play(policy, {
      runs: [{ usageTotalUsd: 6 }, { id: "dear", usageTotalUsd: 60 }],
      expect: { run1: { do: "hold", guard: "perTick" }, dear: "abort" },
    });
    expect(passed).toBe(true);
  });
});

describe("an expectation", () => {
  const OBSERVED = policyOf({ mode: "observe", limit: { usageTotalUsd: 5 } });
  const over = { usageTotalUsd: 7 };
  const failing = (expected: unknown, policy = FIVE_USD) =>
    play(policy, { run: over, expect: expected }).runs[0]?.differences;

  it("compares what it says and nothing else", () => {
    expect(failing("abort")).toEqual([]);
    expect(failing({ do: "abort", rule: "rule-1", at: "100%", called: true })).toEqual([]);
    expect(failing("abort", OBSERVED)).toEqual([]);
    expect(failing({ do: "abort", guard: "observe", called: false }, OBSERVED)).toEqual([]);
  });

  it("tells each thing that is otherwise: what was expected, what came", () => {
    expect(failing({ do: "hold", at: "80%", guard: "pause", called: false })).toEqual([
      { key: "do", expected: "hold", got: "abort" },
      { key: "at", expected: "80%", got: "100%" },
      { key: "guard", expected: "pause", got: "none" },
      { key: "called", expected: "false", got: "true" },
    ]);
  });

  it("guesses the rule that was meant", () => {
    expect(failing({ do: "abort", rule: "rule1" })).toMatchObject([
      { key: "rule", hint: "the policy has no rule rule1; did you mean rule-1?" },
    ]);
  });

  it("is met by any of several notices", () => {
    const notice = { steps: [{ at: "100%", do: "notify" }], limit: { usageTotalUsd: 5 } };
    const policy = policyOf(notice, notice);
    for (const rule of ["rule-1", "rule-2"]) expect(failing({ do: "notify", rule }, policy)).toEqual([]);
  });

  it("comes with what every rule says", () => {
    const [outcome] = play(FIVE_USD, { run: over, expect: "nothing" }).runs;
    expect(outcome?.rules).toMatchObject([{ ruleId: "rule-1", says: "reached 100%: abort" }]);
    expect(outcome?.why).toContain("cost $7.00 of $5.00 (rule-1)");
  });
});

describe("parseCases()", () => {
  it.each<[Written, string]>([
    [
      { usageTotalUSD: 5 },
      'cases[0].run.usageTotalUSD: got an unknown key, "usageTotalUSD", wanted "usageTotalUsd"',
    ],
    [{ runningFor: 7 }, "cases[0].run.runningFor: got 7, wanted a duration such as"],
    [{ usageTotalUsd: -1 }, "cases[0].run.usageTotalUsd: got -1, wanted an amount in USD, 0 or more"],
    [{ startedAt: "2026-11-25T12:00:00" }, "wanted a time with its zone"],
    [{ startedAt: "2026-13-25" }, "wanted a time with its zone"],
    [{ status: "RUNING" }, "did you mean RUNNING?"],
    [{ timeout: "0s" }, 'got "0s", wanted a timeout such as 6h, or none'],
    [
      { usage: { PROXY_SERP: 1 } },
      'cases[0].run.usage.PROXY_SERP: got 1, wanted "PROXY_SERPS", or another of',
    ],
    [{ stats: { netRxBytes: "much" } }, 'cases[0].run.stats.netRxBytes: got "much", wanted a number'],
    [{ events: [1] }, "cases[0].run.events: got [1], wanted numbers of charged events by name"],
    [{ runningFor: "1h", startedAt: "2026-11-25" }, "wanted one of them, for each says when it began to run"],
    [{ startedAt: "2026-11-26" }, "wanted a time before the case's now"],
    [{ status: "RUNNING", abortingFor: "1m" }, "wanted status ABORTING or TIMING-OUT"],
    [{ status: "READY", runningFor: "1m" }, "wanted queuedFor alone"],
    [
      { typical: { runs: 3 } },
      "cases[0].run.typical: got nothing that is usual, wanted usd, runTime or both",
    ],
    [{ actor: "acme/*" }, 'got "acme/*", wanted an id, or a name with its owner'],
  ])("refuses %j, and says what was wanted", (run, says) => {
    expect(wrong(run)).toContain(says);
  });

  it.each<[Written, string]>([
    [{ expect: "hodl" }, "did you mean hold?"],
    [{ expect: { do: "abort", when: "now" } }, 'got an unknown key, "when"'],
    [
      { exempt: { until: "2h" } },
      "cases[0].exempt: got exemption 1, wanted exactly one of run, actor, task, rule",
    ],
    [{ exempt: { run: "a", rule: "b" } }, "wanted exactly one of run, actor, task, rule"],
    [{ paused: "yes" }, "wanted true or false"],
    [
      { spent: { monthly: "lots" } },
      'cases[0].spent.monthly: got "lots", wanted an amount in USD, 0 or more',
    ],
    [{ spent: 310 }, "wanted what was spent of each budget by name, such as { a: 1 }"],
    [{ name: undefined }, "cases[0].name"],
    [{ runs: [{}] }, "cases[0].run: got"],
  ])("refuses a case with %j", (around, says) => {
    expect(wrong({}, around)).toContain(says);
  });

  it("reads what was spent of each budget", () => {
    const spent = { monthly: 310, "max-usd-per-day": "$0.50", hourly: 0 };
    const [first] = parseCases({ cases: [{ name: "a", run: {}, expect: "nothing", spent }] }).cases;
    expect(first?.spent).toEqual({ monthly: usd(310), "max-usd-per-day": usd(0.5), hourly: 0 });
  });

  it("wants each of several runs expected, by an id of its own", () => {
    const many = (runs: readonly Written[], expected: Written) =>
      problems({ cases: [{ name: "a", runs, expect: expected }] });
    expect(many([{}, {}], { run1: "nothing" })).toContain("cases[0].expect: got nothing for run2");
    expect(many([{ id: "a" }, { id: "a" }], { a: "nothing" })).toContain(
      "an id that no other run of the case has",
    );
    expect(many([{}], { run1: "nothing", run2: "abort" })).toContain("the id of a run of the case: run1");
  });

  it("tells every problem, not only the first, and refuses a file without cases", () => {
    expect(wrong({ runningFor: 7, memory: 4 }).split("\n")).toHaveLength(2);
    expect(problems({ cases: [] })).toContain("a list of cases with at least one in it");
    expect(problems({ case: [] })).toContain('"cases", or another of');
    expect(problems([])).toContain("wanted an object with the keys policy, now, cases");
  });
});

describe("what was spent", () => {
  const BUDGET = policyOf(
    { budget: { usd: 50, per: "day" }, steps: [{ at: "80%", do: "notify" }, ...STOP] },
    { budget: { usd: 10, per: "month", each: "actor" }, for: { except: { actors: ["acme/free"] } } },
  );
  const given = (spent: Written, run: Written = {}) => decided(BUDGET, run, { spent });

  it("is judged by each budget's own figure, however little the run has cost", () => {
    expect(given({ "rule-1": 50 })).toMatchObject({ do: "abort", rule: "rule-1", at: 100, called: true });
    expect(given({ "rule-1": 49.99, "rule-2": 9.99 }, { actor: "acme/a" })?.do).toBe("nothing");
    expect(given({ "rule-1": 1, "rule-2": 10 }, { actor: "acme/a" })).toMatchObject({
      do: "abort",
      rule: "rule-2",
    });
  });

  it("is what the runs of the case have cost where nobody says", () => {
    const runs = [
      { id: "a", actor: "acme/a", usageTotalUsd: 6 },
      { id: "b", actor: "acme/b", usageTotalUsd: 44 },
    ];
    const { runs: outcomes } = play(BUDGET, { runs, expect: { a: "nothing", b: "nothing" } });
    expect(outcomes.map(({ got }) => got.rule)).toEqual(["rule-1", "rule-1"]);
    expect(given({}, { usageTotalUsd: 9 })?.do).toBe("nothing");
  });

  it("is of each group that a run of the case is in, and of none that it is not", () => {
    const runs = [
      { id: "free", actor: "acme/free" },
      { id: "one", actor: "acme/one", usageTotalUsd: 1 },
      { id: "same", actor: "acme/one", usageTotalUsd: 1 },
      { id: "other", actor: "acme/other" },
    ];
    const expected = { free: "nothing", one: "nothing", same: "nothing", other: "nothing" };
    const { runs: outcomes } = play(BUDGET, { runs, expect: expected, spent: { "rule-1": 0, "rule-2": 10 } });
    expect(outcomes.map(({ got }) => got.do)).toEqual(["nothing", "abort", "abort", "abort"]);
    expect(outcomes[1]?.rules[1]?.says).toContain("spent $10.00 of $10.00 a month for Actor acme/one");
  });

  it("may be expected to be told, though that is not about the run", () => {
    const told = (expect: unknown) => play(BUDGET, { run: {}, expect, spent: { "rule-1": 40 } });
    expect(told({ do: "notify", rule: "rule-1", at: "80%", called: false }).passed).toBe(true);
    expect(told("nothing").passed).toBe(true);
    expect(told({ do: "notify", rule: "rule-2" }).passed).toBe(false);
  });

  it("knows Apify's usage cycle, and what was at a step a minute ago", () => {
    const steps = [{ at: "100%", basis: "projected", do: "abort" }];
    const cycle = policyOf({ budget: { usd: 100, per: "cycle" }, steps });
    const spent = { "rule-1": 90 };
    expect(decided(cycle, {}, { spent })).toMatchObject({ do: "abort", at: 100 });
    expect(decided(cycle, { looks: "first" }, { spent })?.do).toBe("nothing");
  });

  it("must be of a budget that the policy has", () => {
    const wanting = (id: string): string => {
      const file = parseCases({ cases: [{ name: "a", run: {}, expect: "nothing", spent: { [id]: 1 } }] });
      try {
        checkSpent(BUDGET, file);
        return "none";
      } catch (error) {
        return (error as PolicyError).message;
      }
    };
    expect(wanting("rule-1")).toBe("none");
    expect(wanting("rule-3")).toContain('cases[0].spent.rule-3: got "rule-3"');
    expect(wanting("rule-3")).toContain("wanted the id of a budget's rule: rule-1, rule-2");
    const limit = parseCases({ cases: [{ name: "a", run: {}, expect: "nothing", spent: { "rule-1": 1 } }] });
    expect(() => checkSpent(FIVE_USD, limit)).toThrow(
      'got "rule-1", a rule with a limit, wanted a policy with a budget',
    );
  });
});
