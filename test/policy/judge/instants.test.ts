import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BudgetStanding, standingsOf } from "../../../src/policy/judge/budgets/budgets.ts";
import { nextBudgetInstant, nextInstant } from "../../../src/policy/judge/instants.ts";
import { judge, looksAfter } from "../../../src/policy/judge/judge.ts";
import type { BudgetRule, RuleStep } from "../../../src/policy/policy.ts";
import {
  at,
  HOUR,
  life,
  MINUTE,
  NOON,
  observation,
  policy,
  rule,
  run,
  runOfUnknownCost,
  usd,
} from "../../support/builders.ts";

const steps: readonly RuleStep[] = [
  { at: 80, do: "notify" },
  { at: 100, do: "abort" },
];
const fiveUsd = policy({ rules: [rule({ steps })] });
const sixHours = rule({ id: "six-hours", limit: { metric: "runTime", value: 6 * HOUR } });
/** A run that has cost 1 USD and burns so many an hour. */
const burning = (usdPerHour: number, overrides = {}) =>
  observation({ burnMicroUsdPerHour: usd(usdPerHour), ...overrides });

describe("nextInstant()", () => {
  it("is when the cost comes to the next step at the rate at which it grows", () => {
    expect(nextInstant(fiveUsd, burning(3), NOON)).toEqual(at(HOUR));
    const told = burning(3, { run: run({ usageTotalMicroUsd: usd(4) }) });
    expect(nextInstant(fiveUsd, told, NOON)).toEqual(at(HOUR / 3));
  });

  it("counts from when the cost was seen, and time by the clock", () => {
    expect(nextInstant(fiveUsd, burning(3, { observedAt: at(-MINUTE) }), NOON)).toEqual(at(HOUR - MINUTE));
    const seen = observation({ observedAt: at(-MINUTE) });
    expect(nextInstant(policy({ rules: [sixHours] }), seen, NOON)).toEqual(at(5 * HOUR));
  });

  it("takes the fastest rate that is known: better in time than late", () => {
    expect(nextInstant(fiveUsd, burning(1, { peakBurnMicroUsdPerHour: usd(6) }), NOON)).toEqual(at(HOUR / 2));
    expect(nextInstant(fiveUsd, burning(6, { peakBurnMicroUsdPerHour: usd(1) }), NOON)).toEqual(at(HOUR / 2));
  });

  it("is the earliest of all rules", () => {
    const both = policy({ rules: [rule({ steps }), sixHours] });
    expect(nextInstant(both, burning(0.5), NOON)).toEqual(at(5 * HOUR));
    expect(nextInstant(both, burning(1.5), NOON)).toEqual(at(2 * HOUR));
  });

  it("is nobody's guess where nothing grows, nothing is told, and no rule applies", () => {
    const idle = observation({ burnMicroUsdPerHour: 0 });
    const untold = observation({ run: runOfUnknownCost(), burnMicroUsdPerHour: usd(3) });
    const odd = burning(Number.NaN, { peakBurnMicroUsdPerHour: Number.POSITIVE_INFINITY });
    for (const seen of [idle, untold, odd]) expect(nextInstant(fiveUsd, seen, NOON)).toBeUndefined();
    const queued = observation({ run: run({ status: "READY" }) });
    expect(nextInstant(policy({ rules: [sixHours] }), queued, NOON)).toBeUndefined();
    const others = policy({ rules: [rule({ for: { actors: ["actor2"] } })] });
    expect(nextInstant(others, burning(3), NOON)).toBeUndefined();
    expect(nextInstant(policy({ rules: [] }), burning(3), NOON)).toBeUndefined();
  });

  it("has nothing to wait for once every step is reached", () => {
    const over = burning(3, { run: run({ usageTotalMicroUsd: usd(5) }) });
    expect(nextInstant(fiveUsd, over, NOON)).toBeUndefined();
  });

  it("is when a gauge may be looked at for the second time", () => {
    const gauge = rule({ limit: { metric: "stats.cpuAvgUsage", value: 50 } });
    const busy = observation({ run: run({ detail: { stats: { cpuAvgUsage: 80 } } }), source: "detail" });
    const looks = looksAfter([gauge], busy, NOON);
    const again = { ...busy, observedAt: at(20), life: life({ looks, lookedAt: NOON }) };
    expect(nextInstant(policy({ rules: [gauge] }), again, at(20))).toEqual(at(60));
    const calm = observation({ run: run({ detail: { stats: { cpuAvgUsage: 20 } } }), source: "detail" });
    expect(nextInstant(policy({ rules: [gauge] }), calm, NOON)).toBeUndefined();
  });

  it("waits for no second look where a step waits for its schedule", () => {
    const schedule = { hours: [{ from: 0, to: 360 }], timeZone: "UTC" };
    const night = rule({ steps: [{ at: 20, do: "abort", schedule }] });
    const resting = observation({ burnMicroUsdPerHour: 0 });
    expect(judge(night, resting, NOON)).toMatchObject({ waiting: [{ for: "its schedule" }] });
    expect(nextInstant(policy({ rules: [night] }), resting, NOON)).toBeUndefined();
  });

  it("is neither early nor late: a run that goes on so is below the step just before it, and at it then", () => {
    const share = fc.integer({ min: 1, max: 1000 });
    const cost = fc.integer({ min: 0, max: usd(10) });
    const rate = fc.integer({ min: usd(0.01), max: usd(100) });
    fc.assert(
      fc.property(share, cost, rate, (percent, spent, microUsdPerHour) => {
        const once = rule({ steps: [{ at: percent, do: "abort" }] });
        const seen = (ms: number) => {
          const usageTotalMicroUsd = spent + Math.floor((microUsdPerHour * ms) / 3_600_000);
          return observation({ run: run({ usageTotalMicroUsd }), burnMicroUsdPerHour: microUsdPerHour });
        };
        const instant = nextInstant(policy({ rules: [once] }), seen(0), NOON);
        if (instant === undefined) {
          expect(judge(once, seen(0), NOON).kind).toBe("breach");
          return;
        }
        const ms = instant.getTime() - NOON.getTime();
        // Money is whole, and so are milliseconds: a little off either way.
        const slackMs = 2 + Math.ceil(3_600_000 / microUsdPerHour);
        expect(judge(once, seen(ms + slackMs), NOON).kind).toBe("breach");
        if (ms > slackMs) expect(judge(once, seen(ms - slackMs), NOON).kind).toBe("within");
      }),
    );
  });
});

describe("nextBudgetInstant()", () => {
  const daily: BudgetRule = {
    id: "a-day",
    budget: { of: "usd", limit: usd(20), per: "day", each: "account", timeZone: "UTC" },
    steps: [...steps, { at: 100, do: "notify", basis: "projected" }],
  };
  /** So much was spent in the hour before noon. */
  const spent = (amount: number): BudgetStanding => {
    const cells = ["2026-11-24T11", "2026-11-24"].map((slot) => ({
      actorId: "a",
      origin: "API",
      slot,
      microUsd: usd(amount),
    }));
    const view = { recorded: { cells, nameOf: () => ({}) }, live: [], readAt: NOON, looks: {} };
    const standing = standingsOf(policy({ rules: [daily] }), view, NOON).groups.get("a-day/account");
    if (standing === undefined) throw new Error("no standing");
    return standing;
  };
  const readAt = { readAt: NOON };

  it("is when the live runs together spend what is left to the next step", () => {
    const runs = [burning(1), burning(1, { peakBurnMicroUsdPerHour: usd(3) })];
    expect(nextBudgetInstant(spent(12), runs, readAt)).toEqual(at(HOUR));
    expect(nextBudgetInstant(spent(16), runs, readAt)).toEqual(at(HOUR));
    expect(nextBudgetInstant(spent(18), runs, readAt)).toEqual(at(HOUR / 2));
  });

  it("counts from when the ledger was read", () => {
    expect(nextBudgetInstant(spent(12), [burning(4)], { readAt: at(-MINUTE) })).toEqual(at(HOUR - MINUTE));
  });

  it("is at once where a step was reached since the budget was judged", () => {
    expect(nextBudgetInstant(spent(16), [], readAt, usd(15.9))).toEqual(NOON);
    expect(nextBudgetInstant(spent(20), [burning(4)], readAt, usd(19))).toEqual(NOON);
    expect(nextBudgetInstant(spent(16), [], readAt, usd(16))).toBeUndefined();
  });

  it("is none where nothing burns, all is spent, or the window ends before", () => {
    expect(nextBudgetInstant(spent(12), [], readAt)).toBeUndefined();
    expect(nextBudgetInstant(spent(12), [burning(0)], readAt)).toBeUndefined();
    expect(nextBudgetInstant(spent(20), [burning(4)], readAt)).toBeUndefined();
    // Twelve hours are left, and not a second more.
    expect(nextBudgetInstant(spent(4), [burning(1)], readAt)).toBeUndefined();
    expect(nextBudgetInstant(spent(12), [burning(4 / 12)], readAt)).toBeUndefined();
    expect(nextBudgetInstant(spent(12), [burning(4 / 11.9)], readAt)).toBeDefined();
  });

  it("foresees no projection: that is a figure of its own", () => {
    const { rule: of, ...standing } = spent(12);
    const projected = { ...standing, rule: { ...of, steps: of.steps.slice(2) } };
    expect(nextBudgetInstant(projected, [burning(4)], readAt)).toBeUndefined();
  });
});
