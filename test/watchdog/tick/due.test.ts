import { describe, expect, it } from "vitest";
import type { BudgetRule, LedgerView, Observation } from "../../../src/policy/index.ts";
import { BUDGETS_KEY, Looks, nextDue } from "../../../src/watchdog/tick/due.ts";
import { at, HOUR, life, MINUTE, NOON, observation, policy, rule, run, usd } from "../../support/builders.ts";

const sixHours = rule({ id: "six-hours", limit: { metric: "runTime", value: 6 * HOUR } });
const daily: BudgetRule = {
  id: "a-day",
  budget: { of: "usd", limit: usd(20), per: "day", each: "account", timeZone: "UTC" },
  steps: [{ at: 100, do: "abort" }],
};
/** A run whose time is up so many seconds after noon. */
const timedOutAt = (id: string, secs: number): Observation =>
  observation({ run: run({ id }), life: life({ since: at(secs - 6 * HOUR) }) });
const burning = (id: string, usdPerHour: number): Observation =>
  observation({ run: run({ id }), burnMicroUsdPerHour: usd(usdPerHour) });
/** 16 of 20 USD are spent. */
const ledger: LedgerView = {
  recorded: {
    cells: [{ actorId: "actor1", origin: "API", slot: "2026-11-24", microUsd: usd(16) }],
    nameOf: () => ({}),
  },
  live: [],
  readAt: NOON,
  looks: {},
};

const due = (
  rules: Parameters<typeof policy>[0],
  seen: readonly Observation[],
  { looks = new Looks(), now = NOON, view = undefined as LedgerView | undefined, runs = {}, spent = {} } = {},
) =>
  nextDue(policy(rules), seen, {
    ledger: view,
    looks,
    judged: { runs: new Map(Object.entries(runs)), spent: new Map(Object.entries(spent)) },
    now,
  });
const ms = (count: number): Date => new Date(NOON.getTime() + count);

describe("nextDue()", () => {
  it("is just after the first instant, for its run alone", () => {
    const seen = [timedOutAt("late", 50), timedOutAt("early", 20)];
    expect(due({ rules: [sixHours] }, seen)).toEqual({ at: ms(20_020), runIds: ["early"], budget: false });
  });

  it("looks at those together that are a quarter of a second apart", () => {
    const seen = [timedOutAt("a", 20), timedOutAt("b", 20.25), timedOutAt("c", 20.251)];
    expect(due({ rules: [sixHours] }, seen)).toMatchObject({ at: ms(20_020), runIds: ["a", "b"] });
  });

  it("is nothing where nobody can tell when", () => {
    expect(due({ rules: [sixHours] }, [])).toBeUndefined();
    expect(due({ rules: [rule()] }, [observation()])).toBeUndefined();
    expect(due({ rules: [] }, [timedOutAt("a", 20)])).toBeUndefined();
  });

  it("is at once for what was reached since the run was judged", () => {
    const seen = [timedOutAt("a", 20)];
    const now = at(30);
    expect(due({ rules: [sixHours] }, seen, { now })).toBeUndefined();
    expect(due({ rules: [sixHours] }, seen, { now, runs: { a: NOON } })?.at).toEqual(ms(20_020));
  });

  it("looks for a budget at all that is live, when they together have spent the rest", () => {
    const seen = [burning("a", 60), burning("b", 180)];
    expect(due({ rules: [daily] }, seen, { view: ledger })).toEqual({
      at: ms(60_020),
      runIds: [],
      budget: true,
    });
  });

  it("does not count the burn of a run that is on its way out, nor of one that the budget does not select", () => {
    const stopping = observation({
      run: run({ id: "b", status: "ABORTING" }),
      burnMicroUsdPerHour: usd(180),
    });
    const other = observation({ run: run({ id: "c", origin: "WEB" }), burnMicroUsdPerHour: usd(180) });
    const of = { ...daily, for: { origins: ["API"] } };
    expect(due({ rules: [of] }, [burning("a", 240), stopping, other], { view: ledger })?.at).toEqual(
      ms(60_020),
    );
  });

  it("looks at run and budget at once where both are due", () => {
    const seen = [burning("a", 240), timedOutAt("b", 60)];
    expect(due({ rules: [daily, sixHours] }, seen, { view: ledger })).toEqual({
      at: ms(60_020),
      runIds: ["b"],
      budget: true,
    });
    const first = [burning("a", 240), timedOutAt("b", 30)];
    expect(due({ rules: [daily, sixHours] }, first, { view: ledger })).toMatchObject({
      at: ms(30_020),
      runIds: ["b"],
      budget: false,
    });
  });

  it("finds a budget due at once that was spent since it was judged", () => {
    const spent = { "a-day/account": usd(19) };
    const view = {
      ...ledger,
      recorded: {
        ...ledger.recorded,
        cells: ledger.recorded.cells.map((cell) => ({ ...cell, microUsd: usd(20) })),
      },
    };
    expect(due({ rules: [daily] }, [], { view, spent })).toMatchObject({ at: ms(20), budget: true });
    expect(due({ rules: [daily] }, [], { view })).toBeUndefined();
  });
});

describe("Looks", () => {
  it("let a look that found nothing new be followed by rarer and rarer ones, up to every 15 s", () => {
    const looks = new Looks();
    const waits = [];
    for (let i = 0, now = 0; i < 8; i++) {
      looks.note("a", 7, ms(now));
      const next = looks.after("a", ms(0));
      waits.push(next - NOON.getTime() - now);
      now = next - NOON.getTime();
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000]);
  });

  it("begin anew at a second when the figure moves", () => {
    const looks = new Looks();
    for (const [secs, figure] of [
      [0, 7],
      [1, 7],
      [3, 7],
      [7, 8],
    ] as const)
      looks.note("a", figure, at(secs));
    expect(looks.after("a", NOON)).toBe(at(8).getTime());
  });

  it("never bring a look forward, and keep what was looked at apart", () => {
    const looks = new Looks();
    looks.note("a", 7, NOON);
    expect(looks.after("a", at(MINUTE))).toBe(ms(60_020).getTime());
    expect(looks.after(BUDGETS_KEY, NOON)).toBe(ms(20).getTime());
  });

  it("take a run at the pace that two looks have told, and not at its fastest", () => {
    const looks = new Looks();
    const fast = { ...burning("a", 9), peakBurnMicroUsdPerHour: usd(90) };
    looks.note("a", usd(1), NOON);
    expect(looks.paced(fast)).toBe(fast);
    looks.note("a", usd(1.1), at(6 * MINUTE));
    expect(looks.paced(fast)).toMatchObject({
      burnMicroUsdPerHour: usd(1),
      peakBurnMicroUsdPerHour: usd(1),
    });
    expect(looks.paced(burning("b", 9))).toEqual(burning("b", 9));
  });

  it("tell no pace of a figure that rests, falls or is not reported", () => {
    const fast = burning("a", 9);
    for (const figure of [usd(1), usd(0.5), undefined]) {
      const looks = new Looks();
      looks.note("a", usd(1), NOON);
      looks.note("a", figure, at(MINUTE));
      expect(looks.paced(fast)).toBe(fast);
    }
  });
});
