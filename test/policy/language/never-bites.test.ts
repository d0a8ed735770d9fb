import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/language/parse.ts";
import { warningsOf } from "../../../src/policy/language/warnings.ts";
import { document, rule, spender } from "../documents.ts";

const shouted = (rules: readonly object[], overrides: Record<string, unknown> = {}): readonly string[] =>
  warningsOf(parsePolicy(document({ mode: "enforce", rules, ...overrides })))
    .filter(({ kind }) => kind === "never-bites")
    .map(({ path, warning }) => `${path.join(".")}: ${warning}`);

const at = (share: string, overrides: object = {}) => [{ at: share, do: "abort", ...overrides }];
const budget = (id: string, usd: number, per: string, overrides: Record<string, unknown> = {}) => {
  const { each, ...rest } = overrides;
  return spender({ id, budget: { usd, per, ...(each !== undefined && { each }) }, ...rest });
};
const limit = (id: string, of: object, overrides: Record<string, unknown> = {}) =>
  rule({ id, limit: of, ...overrides });

describe("a rule that never bites is shouted", () => {
  it("a budget above one that it is a part of, with the one that stops before it", () => {
    expect(
      shouted([budget("all", 50, "day"), budget("shops", 60, "day", { for: { actors: ["acme/shop-*"] } })]),
    ).toEqual([
      "rules.1.budget.usd: it has no effect: all ($50 a day in all) stops the same runs before; lower this one or raise that",
    ]);
  });

  it.each<[string, object, object]>([
    ["an hour in a day", budget("a", 50, "day"), budget("b", 60, "hour")],
    ["a day in a month", budget("a", 300, "month"), budget("b", 301, "day")],
    ["an Actor's in the account's", budget("a", 50, "day"), budget("b", 60, "day", { each: "actor" })],
    [
      "a task's in its Actor's",
      budget("a", 50, "day", { each: "actor" }),
      budget("b", 60, "day", { each: "task", for: { tasks: ["*"] } }),
    ],
    ["by its steps", budget("a", 50, "day"), budget("b", 50, "day", { steps: at("120%") })],
    ["a limit", limit("a", { usageTotalUsd: 5 }), limit("b", { usageTotalUsd: 10 })],
    [
      "a limit of some runs",
      limit("a", { runTime: "6h" }),
      limit("b", { runTime: "1d" }, { for: { origins: ["API"] } }),
    ],
    ["idle time in run time", limit("a", { runTime: "1h" }), limit("b", { idleTime: "2h" })],
    [
      "a narrower selector with the same exception",
      limit("a", { usageTotalUsd: 5 }, { for: { actors: ["acme/*"], except: { tasks: ["acme/x"] } } }),
      limit("b", { usageTotalUsd: 6 }, { for: { actors: ["acme/shop"], except: { tasks: ["acme/x"] } } }),
    ],
    [
      "what is only observed in what is, too",
      limit("a", { usageTotalUsd: 5 }, { mode: "observe" }),
      limit("b", { usageTotalUsd: 6 }, { mode: "observe" }),
    ],
  ])("%s", (_what, first, second) => {
    expect(shouted([first, second]).join()).toMatch(/^rules\.1\..*: it has no effect: a \(/);
    expect(shouted([second, first]).join()).toMatch(/^rules\.0\..*: it has no effect: a \(/);
  });

  it.each<[string, object, object]>([
    ["as much", budget("a", 50, "day"), budget("b", 50, "day")],
    ["in a longer window", budget("a", 50, "day"), budget("b", 60, "month")],
    ["a week, which lies in no month", budget("a", 50, "month"), budget("b", 60, "week")],
    ["a usage cycle", budget("a", 50, "month"), budget("b", 60, "cycle")],
    ["an account's in an Actor's", budget("a", 50, "day", { each: "actor" }), budget("b", 60, "day")],
    [
      "what the first only notifies of",
      budget("a", 50, "day", { steps: [{ at: "100%", do: "notify" }] }),
      budget("b", 60, "day"),
    ],
    [
      "what the second only notifies of",
      budget("a", 50, "day"),
      budget("b", 60, "day", { steps: [{ at: "100%", do: "notify" }] }),
    ],
    [
      "what is projected",
      budget("a", 50, "day"),
      budget("b", 60, "day", { steps: at("100%", { basis: "projected" }) }),
    ],
    [
      "what the first selects in part",
      budget("a", 50, "day", { for: { actors: ["acme/x"] } }),
      budget("b", 60, "day"),
    ],
    [
      "what the first excepts in part",
      limit("a", { usageTotalUsd: 5 }, { for: { except: { tasks: ["acme/x"] } } }),
      limit("b", { usageTotalUsd: 9 }),
    ],
    [
      "what the first has hours for",
      limit("a", { usageTotalUsd: 5 }, { schedule: { days: ["mon"] } }),
      limit("b", { usageTotalUsd: 9 }),
    ],
    [
      "what the first's stop has hours for",
      limit("a", { usageTotalUsd: 5 }, { steps: at("100%", { schedule: { days: ["mon"] } }) }),
      limit("b", { usageTotalUsd: 9 }),
    ],
    [
      "what the first only observes",
      limit("a", { usageTotalUsd: 5 }, { mode: "observe" }),
      limit("b", { usageTotalUsd: 9 }),
    ],
    [
      "what is stopped with more force",
      limit("a", { runTime: "1h" }),
      limit("b", { runTime: "2h" }, { steps: [{ at: "100%", do: "abort-now" }] }),
    ],
    [
      "Standby, which the first does not name",
      limit("a", { usageTotalUsd: 5 }),
      limit("b", { usageTotalUsd: 9 }, { for: { origins: ["STANDBY"] } }),
    ],
    ["another figure", limit("a", { usageTotalUsd: 5 }), limit("b", { usdPerHour: 9 })],
    ["other terms", limit("a", { idleTime: "1h" }), limit("b", { idleTime: { for: "2h", cpuBelow: "50%" } })],
    [
      "an estimate",
      limit("a", { usageTotalUsd: 5 }),
      limit("b", { usageTotalUsd: 6 }, { steps: at("100%", { basis: "estimate" }) }),
    ],
  ])("and not %s", (_what, first, second) => {
    expect(shouted([first, second])).toEqual([]);
  });

  it("a run time beyond what Actors come with", () => {
    expect(shouted([limit("a", { runTime: "8d" })])).toEqual([
      "rules.0.limit.runTime: 7d is the longest timeout that Actors at Apify come with, so it stops no run except one without a timeout, or with one that somebody raised",
    ]);
    expect(shouted([limit("a", { runTime: "7d" })])).toEqual([]);
    expect(shouted([limit("a", { runTime: "8d" }, { steps: at("80%") })])).toEqual([]);
  });

  it("guards without a place, an exception of all, a step above a flag, a window that is shut", () => {
    const kinds = (rules: readonly object[], overrides: Record<string, unknown> = {}) =>
      shouted(rules, overrides).length;
    expect(kinds([rule()], { guards: { maxAborts: { perTick: 0 } } })).toBe(1);
    expect(kinds([rule({ for: { except: { actors: ["*/*"] } } })])).toBe(1);
    expect(kinds([limit("a", { noTimeout: true }, { steps: at("150%") })])).toBe(1);
    const schedule = { hours: ["08:00-18:00"] };
    expect(kinds([rule({ schedule, steps: at("100%", { schedule: { hours: ["18:00-08:00"] } }) })])).toBe(1);
  });
});
