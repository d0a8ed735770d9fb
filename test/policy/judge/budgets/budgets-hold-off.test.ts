import { describe, expect, it } from "vitest";
import { lookKeyOf, projectedSince } from "../../../../src/policy/judge/budgets/budgets.ts";

import type { LedgerView } from "../../../../src/policy/spend/ledger-view.ts";
import { at, HOUR, MINUTE, usd } from "../../../support/builders.ts";
import { budget, by, daily, ledger, spentBy, standing } from "./spending.ts";

describe("a budget stops nothing", () => {
  const spent = spentBy("actor1", 25);
  const guardAt = (overrides: Partial<LedgerView>) => standing(by(daily()), ledger(spent, overrides)).guard;
  const without = (key: "completeSince" | "lastCompleteAt"): LedgerView => {
    const { [key]: _absent, ...rest } = ledger(spent);
    return rest;
  };

  it("while its window is not filled from its very beginning", () => {
    expect(guardAt({ completeSince: new Date("2026-11-24T00:00:00.001Z") })).toBe("unfilledWindow");
    expect(guardAt({ completeSince: new Date("2026-11-24T00:00:00.000Z") })).toBeUndefined();
    expect(standing(by(daily()), without("completeSince")).guard).toBe("unfilledWindow");
  });

  it("when the last complete tick is older than the policy allows, or there was none", () => {
    expect(guardAt({ lastCompleteAt: at(-10 * MINUTE) })).toBeUndefined();
    expect(guardAt({ lastCompleteAt: at(-10 * MINUTE - 1) })).toBe("staleLedger");
    expect(standing(by(daily()), without("lastCompleteAt")).guard).toBe("staleLedger");
  });

  it("when not all that is known could be written down", () => {
    expect(guardAt({ gap: "not all that runs spent could be written down" })).toBe("staleLedger");
  });
});

describe("a projected step", () => {
  const rule = daily({ steps: [{ at: 100, do: "notify", basis: "projected" }] });
  const [step] = rule.steps;
  if (step === undefined) throw new Error("no step");
  /** 15 USD by noon: 30 by midnight. */
  const spent = spentBy("actor1", 15);
  const place = standing(by(rule), ledger(spent)).place;
  const key = lookKeyOf({ rule, place }, step);

  it("waits for a second look, a minute after the first", () => {
    const verdictWith = (overrides: Partial<LedgerView>) =>
      standing(by(rule), ledger(spent, overrides)).verdict;
    expect(verdictWith({})).toMatchObject({ kind: "within", waiting: [{ for: "a second look" }] });
    const since = (secs: number) => ({ looks: { [key]: at(secs) }, lookedAt: at(-MINUTE) });
    expect(verdictWith(since(-59))).toMatchObject({ kind: "within" });
    expect(verdictWith(since(-60))).toMatchObject({
      kind: "breach",
      notice: {
        evidence: { basis: "projected", measured: usd(30), facts: { spentUsd: 15, usdPerHour: 1.25 } },
      },
    });
  });

  it("takes no two looks for a row that nobody looked between for long", () => {
    const looks = { [key]: at(-HOUR) };
    expect(projectedSince(ledger([], { looks, lookedAt: at(-15 * MINUTE) }), key)).toEqual(at(-HOUR));
    expect(projectedSince(ledger([], { looks, lookedAt: at(-15 * MINUTE - 1) }), key)).toBeUndefined();
  });

  it("begins its row anew in another window, for another limit and in another group", () => {
    const raised = daily({ ...rule, budget: budget({ limit: usd(21) }) });
    const tomorrow = { ...place, from: new Date("2026-11-25") };
    const other = { ...place, group: "actor1" };
    const keys = [
      key,
      lookKeyOf({ rule: raised, place }, step),
      lookKeyOf({ rule, place: tomorrow }, step),
      lookKeyOf({ rule, place: other }, step),
      lookKeyOf({ rule, place }, { ...step, at: 90 }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("out of its schedule waits for that", () => {
    const schedule = { hours: [{ from: 0, to: 360 }], timeZone: "UTC" };
    const night = daily({ steps: [{ at: 50, do: "abort", schedule }] });
    expect(standing(by(night), ledger(spent)).verdict).toMatchObject({ waiting: [{ for: "its schedule" }] });
  });
});
