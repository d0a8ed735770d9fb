import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { standingFor, standingsOf } from "../../../../src/policy/judge/budgets/budgets.ts";
import { groupOf } from "../../../../src/policy/judge/budgets/spend-groups.ts";
import type { Budget, BudgetRule, Policy } from "../../../../src/policy/policy.ts";

import type { Cell } from "../../../../src/policy/spend/cells.ts";
import type { LedgerView, LiveSpend } from "../../../../src/policy/spend/ledger-view.ts";
import { at, DAY, HOUR, rule as limitRule, MINUTE, NOON, policy, usd } from "../../../support/builders.ts";
import { budget, by, daily, ledger, spentBy, standing } from "./spending.ts";

const live = (overrides: Partial<LiveSpend> = {}): LiveSpend => ({
  actorId: "actor1",
  origin: "API",
  startedAt: at(-HOUR),
  usageTotalMicroUsd: usd(1),
  unrecorded: { "2026-11-24T12": usd(1) },
  ...overrides,
});

const groups = (of: Policy, view: LedgerView): Record<string, number> =>
  Object.fromEntries([...standingsOf(of, view, NOON).groups].map(([key, { spent }]) => [key, spent]));

describe("standingsOf()", () => {
  it("adds what is recorded and what live runs have spent since", () => {
    const view = ledger(spentBy("actor1", 15), { live: [live(), live({ unrecorded: {} })] });
    expect(standing(by(daily()), view)).toMatchObject({
      spent: usd(16),
      place: {
        per: "day",
        each: "account",
        group: "account",
        from: new Date("2026-11-24"),
        to: new Date("2026-11-25"),
      },
      verdict: {
        kind: "breach",
        notice: { step: { at: 80 } },
        evidence: { metric: "budget", measured: usd(16), limit: usd(20), unit: "USD", source: "ledger" },
      },
    });
  });

  it("counts nothing of another window, recorded or not", () => {
    const yesterday = [{ actorId: "actor1", slot: "2026-11-23", microUsd: usd(90) }];
    const view = ledger([...yesterday, ...spentBy("actor1", 1)], {
      live: [live({ unrecorded: { "2026-11-23T23": usd(40), "2026-11-24T12": usd(2) } })],
    });
    expect(standing(by(daily()), view).spent).toBe(usd(3));
  });

  it("counts what Standby runs spent, which need not be named for that, and what is of no known origin", () => {
    const { origin: _none, ...unknown } = spentBy("actor1", 2)[0] as Cell;
    const cells = [
      ...spentBy("actor1", 3),
      ...spentBy("actor1", 60, { origin: "STANDBY" }),
      unknown,
      { ...unknown, slot: "2026-11-24" },
    ];
    const of = (rule: BudgetRule) => groups(by(rule), ledger(cells, { live: [live({ origin: "STANDBY" })] }));
    expect(of(daily())).toEqual({ "a-day/account": usd(66) });
    expect(of(daily({ for: { actors: ["actor1"] } }))).toEqual({ "a-day/account": usd(66) });
    expect(of(daily({ budget: budget({ each: "origin" }) }))).toEqual({
      "a-day/API": usd(3),
      "a-day/STANDBY": usd(61),
    });
    expect(of(daily({ for: { origins: ["API"] } }))).toEqual({ "a-day/account": usd(3) });
    expect(of(daily({ for: { except: { origins: ["STANDBY"] } } }))).toEqual({ "a-day/account": usd(3) });
    expect(of(daily({ for: { actors: ["actor2"] } }))).toEqual({});
  });

  it("says of how many of a group's runs the cost is not reported, ended ones too, and counts them for nothing", () => {
    const { usageTotalMicroUsd: _unknown, ...untold } = live({ unrecorded: {} });
    const ended = { actorId: "actor2", startedAt: at(-HOUR), finishedAt: at(-MINUTE) };
    const view = ledger(spentBy("actor1", 3), {
      live: [
        live(),
        untold,
        { ...untold, startedAt: at(-119) },
        { ...untold, usageTotalMicroUsd: Number.NaN, startedAt: at(-120) },
      ],
      unpriced: [
        ended,
        { ...ended, startedAt: at(-3 * DAY), finishedAt: at(-2 * DAY) },
        { ...ended, actorId: "actor1", startedAt: at(-2 * DAY) },
      ],
    });
    const of = (each: Budget["each"]) =>
      [...standingsOf(by(daily({ budget: budget({ each }) })), view, NOON).groups.values()].map(
        ({ place, spent, runsOfUnknownCost }) => [place.group, spent, runsOfUnknownCost],
      );
    expect(of("account")).toEqual([["account", usd(4), 4]]);
    expect(of("actor")).toEqual([
      ["actor1", usd(4), 3],
      ["actor2", 0, 1],
    ]);
    expect(standing(by(daily()), view).verdict).toMatchObject({
      evidence: { measured: usd(4), facts: { runsOfUnknownCost: 4 } },
    });
    expect(standing(by(daily()), ledger(spentBy("actor1", 3))).verdict).not.toHaveProperty("evidence.facts");
  });

  it.each([
    ["account", { "a-day/account": usd(7) }],
    ["actor", { "a-day/actor1": usd(3), "a-day/actor2": usd(4) }],
    ["task", { "a-day/task1": usd(2) }],
    ["schedule", { "a-day/s1": usd(4) }],
    ["origin", { "a-day/API": usd(5), "a-day/WEB": usd(2) }],
  ] as const)("makes groups by %s, who is in none left out", (each, expected) => {
    const cells = [
      ...spentBy("actor1", 1),
      ...spentBy("actor1", 2, { actorTaskId: "task1", origin: "WEB" }),
      ...spentBy("actor2", 4, { scheduleId: "s1" }),
    ];
    expect(groups(by(daily({ budget: budget({ each }) })), ledger(cells))).toEqual(expected);
  });

  it("adds up what an Actor's schedules spent and what was kept before they were told apart", () => {
    const cells = [undefined, "s1", "s2"].flatMap((scheduleId, i) =>
      spentBy("actor1", i + 1, scheduleId ? { scheduleId } : {}),
    );
    expect(groups(by(daily({ budget: budget({ each: "actor" }) })), ledger(cells))).toEqual({
      "a-day/actor1": usd(6),
    });
  });

  it("tells spenders of one Actor apart by task and by origin", () => {
    const tasks = [
      spentBy("a", 1),
      spentBy("a", 2, { actorTaskId: "t" }),
      spentBy("a", 4, { actorTaskId: "u" }),
    ];
    const origins = [
      spentBy("a", 1, { origin: "WEB" }),
      spentBy("a", 2),
      spentBy("a", 4, { origin: "SCHEDULER" }),
    ];
    const grouped = (each: Budget["each"], cells: readonly (readonly Cell[])[]) =>
      groups(by(daily({ budget: budget({ each }) })), ledger(cells.flat()));
    expect(grouped("task", tasks)).toEqual({ "a-day/t": usd(2), "a-day/u": usd(4) });
    expect(grouped("origin", origins)).toEqual({
      "a-day/WEB": usd(1),
      "a-day/API": usd(2),
      "a-day/SCHEDULER": usd(4),
    });
  });

  it("leaves out live runs that are in no group, and rules without a budget", () => {
    const view = ledger(spentBy("actor1", 1, { actorTaskId: "task1" }), { live: [live()] });
    const each = daily({ budget: budget({ each: "task" }) });
    const standings = standingsOf(policy({ rules: [limitRule(), each] }), view, NOON);
    expect([...standings.groups.keys()]).toEqual(["a-day/task1"]);
    expect(standingFor(each, { actorId: "actor1" }, standings)).toBeUndefined();
  });

  it("counts what the rule selects alone, by id, origin or name", () => {
    const cells = [...spentBy("actor1", 1), ...spentBy("actor2", 2, { origin: "WEB" })];
    const named = ledger(cells, {}, ({ actorId }) =>
      actorId === "actor1" ? { actorName: "acme/shop" } : {},
    );
    const spent = (selector: BudgetRule["for"]) =>
      groups(by(daily({ ...(selector && { for: selector }) })), named);
    expect(spent({ actors: ["actor2"] })).toEqual({ "a-day/account": usd(2) });
    expect(spent({ origins: ["API"] })).toEqual({ "a-day/account": usd(1) });
    expect(spent({ actors: ["acme/*"] })).toEqual({ "a-day/account": usd(1) });
    const ofTask = ledger(spentBy("actor1", 3, { actorTaskId: "t" }), {}, () => ({ taskName: "acme/eu" }));
    expect(groups(by(daily({ for: { tasks: ["acme/e*"] } })), ofTask)).toEqual({ "a-day/account": usd(3) });
    expect(spent({ except: { origins: ["WEB"] } })).toEqual({ "a-day/account": usd(1) });
  });

  it("tells groups of the same reading apart by rule, and remembers no sum for another window", () => {
    const view = ledger(spentBy("actor1", 3));
    const both = by(daily(), daily({ id: "an-hour", budget: budget({ per: "hour" }) }));
    const before = standingsOf(both, view, at(-MINUTE)).groups;
    expect(before.get("an-hour/account")?.spent).toBe(usd(3));
    const after = standingsOf(both, view, NOON).groups;
    expect(after.get("an-hour/account")?.spent).toBe(0);
    expect(after.get("a-day/account")?.spent).toBe(usd(3));
  });

  it("adds up over groups to what all spent", () => {
    const cells = fc.array(
      fc
        .record({
          actorId: fc.constantFrom("a", "b", "c"),
          cents: fc.integer({ min: 0, max: 500 }),
        })
        .map(({ actorId, cents }) => spentBy(actorId, cents / 100)),
      { maxLength: 8 },
    );
    const runs = fc.array(
      fc.record({ actorId: fc.constantFrom("a", "b", "c"), spent: fc.nat({ max: usd(3) }) }),
      { maxLength: 5 },
    );
    const sumOf = (of: Record<string, number>): number =>
      Object.values(of).reduce((sum, each) => sum + each, 0);
    fc.assert(
      fc.property(cells, runs, (some, alive) => {
        const view = ledger(some.flat(), {
          live: alive.map(({ actorId, spent }) => live({ actorId, unrecorded: { "2026-11-24T12": spent } })),
        });
        const each = sumOf(groups(by(daily({ budget: budget({ each: "actor" }) })), view));
        expect(each).toBe(sumOf(groups(by(daily()), view)));
      }),
    );
  });

  it("says that it can't tell while Apify has told no cycle", () => {
    const cycle = by(daily({ budget: budget({ per: "cycle" }) }));
    const blind = standingsOf(cycle, ledger(spentBy("actor1", 90)), NOON);
    expect(blind.groups.size).toBe(0);
    expect(standingFor(cycle.rules[0] as BudgetRule, { actorId: "actor1" }, blind)).toEqual({
      kind: "unknown",
      metric: "budget",
      reason: "Apify has not reported its usage cycle",
      young: false,
    });
    const told = { from: new Date("2026-11-17"), to: new Date("2026-12-16T23:59:59.999Z") };
    expect(standing(cycle, ledger(spentBy("actor1", 90), { cycle: told })).spent).toBe(usd(90));
  });

  it("tells how fast the live runs of the group burn, as far as that is measured", () => {
    const runs = [
      live({ measuredBurnMicroUsdPerHour: usd(2) }),
      live({ measuredBurnMicroUsdPerHour: usd(3) }),
      live(),
    ];
    expect(standing(by(daily()), ledger([], { live: runs })).burnMicroUsdPerHour).toBe(usd(5));
  });
});

describe("standingFor()", () => {
  const each = daily({ budget: budget({ each: "task" }) });
  const standings = standingsOf(by(each), ledger(spentBy("actor1", 3, { actorTaskId: "task1" })), NOON);

  it("gives a run that of its group, and nothing to a run in none", () => {
    expect(standingFor(each, { actorId: "actor9", actorTaskId: "task1" }, standings)).toMatchObject({
      spent: usd(3),
    });
    expect(standingFor(each, { actorId: "actor1" }, standings)).toBeUndefined();
    expect(standingFor(each, { actorId: "actor1", actorTaskId: "task2" }, standings)).toBeUndefined();
  });

  it("is unknown while the ledger was not read", () => {
    expect(standingFor(each, { actorId: "actor1" }, undefined)).toEqual({
      kind: "unknown",
      metric: "budget",
      reason: "the ledger was not read",
      young: true,
    });
  });
});

describe("groupOf()", () => {
  it("needs no name, and leaves a run out of what it has not", () => {
    const of = (eachOf: Budget["each"]) =>
      groupOf(daily({ budget: budget({ each: eachOf }) }), { actorId: "actor1", origin: "API" });
    expect([of("account"), of("actor"), of("task"), of("origin")]).toEqual([
      "account",
      "actor1",
      undefined,
      "API",
    ]);
  });
});
