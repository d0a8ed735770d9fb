import { describe, expect, it } from "vitest";
import { evidenceAt, HandMade, POLICY, secs } from "../hand-made.ts";
import { budgetWindow } from "./budget-windows.ts";

const ABORT = [{ at: "100%", do: "abort" }];

/** A policy with one budget, whose id is that of the entries of hand-made histories. */
const spending = (budget: object, more: object = {}): HandMade =>
  new HandMade().push(-1_000, { ...POLICY, rules: [{ id: "cost", budget, steps: ABORT, ...more }] });

/** Another tick has listed the runs and written down what it saw. */
const fresh = (history: HandMade, atSecs = -60): HandMade =>
  history
    .typical(atSecs, [], { by: "t0" })
    .tick("t0", atSecs, atSecs + 5)
    .tick("t1", 0, 100);

const budget = (per: string, from: string, to: string) => ({
  per,
  each: "account",
  group: "account",
  from,
  to,
});
const TODAY = budget("day", "2026-09-01T00:00:00.000Z", "2026-09-02T00:00:00.000Z");
const evidence = {
  ...evidenceAt(0),
  metric: "budget",
  measured: 12,
  limit: 10,
  source: "ledger",
  budget: TODAY,
};

/** What the oracle has against a call at that second: evidence and blast radius are another matter. */
function againstCall(history: HandMade, atSecs = 1): readonly string[] {
  const broken = history
    .intend(atSecs - 0.5, { evidence })
    .abort(atSecs)
    .broken();
  return broken.filter((text) => text.includes("abort of run"));
}

const NOT_CONDEMNED = [expect.stringContaining("no rule in force condemns")];

describe("budgetWindow()", () => {
  const at = Date.parse("2026-09-01T08:30:00.000Z");
  it.each([
    ["hour", "UTC", "2026-09-01T08:00", "2026-09-01T09:00"],
    ["day", "UTC", "2026-09-01T00:00", "2026-09-02T00:00"],
    ["day", "America/Anchorage", "2026-09-01T08:00", "2026-09-02T08:00"],
    ["day", "Asia/Kolkata", "2026-08-31T19:00", "2026-09-01T19:00"],
    ["week", "UTC", "2026-08-31T00:00", "2026-09-07T00:00"],
    ["month", "Europe/Prague", "2026-08-31T22:00", "2026-09-30T22:00"],
    ["cycle", "UTC", "2026-08-20T12:00", "2026-09-20T12:00"],
  ])("knows the %s there, %s", (per, timeZone, from, to) => {
    const window = budgetWindow({ usd: 1, per }, timeZone, { day: 20, hour: 12 }, at);
    expect(window).toEqual({ fromMs: Date.parse(`${from}Z`), toMs: Date.parse(`${to}Z`) });
  });
});

describe("the oracle on budgets", () => {
  it("lets a run be stopped whose group was told to have spent the budget, and no other", () => {
    const told = (usd: number) => fresh(spending({ usd: 10, per: "day" })).shown(0, "RUNNING", usd);
    expect(againstCall(told(10))).toEqual([]);
    expect(againstCall(told(9.9))).toEqual(NOT_CONDEMNED);
  });

  it("wants the runs to have been listed and written down by another tick not long ago", () => {
    const stale = spending({ usd: 10, per: "day" }).tick("t1", 0, 100).shown(0, "RUNNING", 12);
    expect(againstCall(stale)).toEqual(NOT_CONDEMNED);
    const old = fresh(spending({ usd: 10, per: "day" }), -900).shown(0, "RUNNING", 12);
    expect(againstCall(old)).toEqual(NOT_CONDEMNED);
  });

  it("counts what was written down before a window, or is spread evenly, to the time before", () => {
    const hourly = () => spending({ usd: 2, per: "hour" });
    const spread = fresh(hourly()).shown(59, "RUNNING", 12);
    expect(againstCall(spread, 60)).toEqual(NOT_CONDEMNED);
    const fast = fresh(hourly()).shown(59, "RUNNING", 40);
    expect(againstCall(fast, 60)).toEqual([]);
    const known = fresh(hourly(), -200).shown(-199, "RUNNING", 39, { by: "t0" }).shown(59, "RUNNING", 40);
    expect(againstCall(known, 60)).toEqual(NOT_CONDEMNED);
  });

  it("counts the runs that the budget selects, each in its group", () => {
    const elsewhere = spending({ usd: 10, per: "day" }, { for: { actors: ["acme/other"] } });
    expect(againstCall(fresh(elsewhere).shown(0, "RUNNING", 12))).toEqual(NOT_CONDEMNED);
    const ofTasks = spending({ usd: 10, per: "day", each: "task" });
    expect(againstCall(fresh(ofTasks).shown(0, "RUNNING", 12))).toEqual(NOT_CONDEMNED);
    const byActor = spending({ usd: 10, per: "day", each: "actor" });
    expect(againstCall(fresh(byActor).shown(0, "RUNNING", 12))).toEqual([]);
  });

  it("compares what an entry says of a budget with what was told", () => {
    const said = (more: object): string | undefined =>
      fresh(spending({ usd: 10, per: "day" }))
        .shown(0, "RUNNING", 12)
        .intend(1, { evidence: { ...evidence, ...more } })
        .broken()[0];
    expect(said({})).toBeUndefined();
    expect(said({ measured: 12.1 })).toContain("it measured 12.1 USD where 12");
    expect(said({ budget: { ...TODAY, from: TODAY.to } })).toContain("is no window of this budget");
    expect(said({ budget: { ...TODAY, group: "a1" } })).toContain("the run is of account, it says a1");
  });

  it("wants a budget's notice once in each window", () => {
    const notice = (atSecs: number, from: string, to: string) => {
      const place = budget("hour", `2026-09-01T${from}:00:00.000Z`, `2026-09-01T${to}:00:00.000Z`);
      const subject = { kind: "budget", ruleId: "cost", group: "account", from: place.from };
      const chain = `budget#cost#account#${place.from}`;
      const more = { measured: 12, limit: 2, metric: "budget", budget: place };
      return [
        atSecs,
        { kind: "step.notified", subject, chain, evidence: { ...evidenceAt(atSecs), ...more } },
      ] as const;
    };
    const told = () =>
      fresh(spending({ usd: 2, per: "hour" }))
        .shown(-30, "RUNNING", 40)
        .shown(100, "RUNNING", 400);
    const early = notice(-20, "11", "12");
    expect(
      told()
        .entry(...early)
        .entry(...notice(110, "12", "13"))
        .broken(),
    ).toEqual([]);
    const twice = told()
      .entry(...early)
      .entry(...notice(-10, "11", "12"));
    expect(twice.broken()[0]).toContain("the same was said before");
  });

  it("wants a spent budget to be told of and its runs stopped in the end", () => {
    const spent = () =>
      spending({ usd: 5, per: "day" }).becomes([{ startedAtMs: secs(-600), readyUntilMs: secs(-599) }]);
    const broken = spent().shown(600, "RUNNING", 6).brokenAtEnd(1_200);
    expect(broken).toContainEqual(expect.stringContaining("its step at 100 % was not told"));
    expect(broken).toContainEqual(expect.stringContaining("rule cost has condemned the run for minutes"));
    const rich = spending({ usd: 7, per: "day" }).shown(600, "RUNNING", 6).brokenAtEnd(1_200);
    expect(rich).toEqual([]);
  });
});
