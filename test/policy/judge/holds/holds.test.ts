import { describe, expect, it } from "vitest";
import { decide, holdOver, standingsOf, wantedHolds } from "../../../../src/policy/index.ts";
import type { BudgetRule, Policy } from "../../../../src/policy/policy.ts";
import { at, control, exemption, HOUR, NOON, usd } from "../../../support/builders.ts";
import { budget, by, daily, ledger, spentBy } from "../budgets/spending.ts";

const TO = new Date("2026-11-25T00:00:00Z");

/** 20 USD a day: a notice, a hold, a stop. */
const holding = (overrides: Partial<BudgetRule> = {}): BudgetRule =>
  daily({
    steps: [
      { at: 50, do: "notify" },
      { at: 80, do: "hold" },
      { at: 100, do: "abort" },
    ],
    ...overrides,
  });

const decided = (policy: Policy, spentUsd: number, view: Parameters<typeof control>[0] = {}) =>
  decide({
    policy,
    observations: [],
    ledger: ledger(spentBy("shop", spentUsd)),
    control: control(view),
    blast: { tick: { id: "t", startedAt: NOON }, liveRunIds: new Set() },
    now: NOON,
  });

const briefs = (policy: Policy, spentUsd: number, view: Parameters<typeof control>[0] = {}) =>
  decided(policy, spentUsd, view).holds.map(({ ruleId, step, mode, guard }) =>
    [ruleId, step.at, mode, guard ?? "-"].join(" "),
  );

const nightly = {
  id: "nightly",
  starts: [{ actorId: "shop", origin: "SCHEDULER", scheduleId: "nightly" }],
};
const other = { id: "other", starts: [{ actorId: "news", origin: "SCHEDULER", scheduleId: "other" }] };

describe("a budget's step that holds", () => {
  it("is due from its share on, whatever step above it is reached", () => {
    expect(briefs(by(holding()), 15.9)).toEqual([]);
    expect(briefs(by(holding()), 16)).toEqual(["a-day 80 enforce -"]);
    expect(briefs(by(holding()), 50)).toEqual(["a-day 80 enforce -"]);
  });

  it("takes nothing from the notice below it, nor from the stop above it", () => {
    const told = (spentUsd: number) =>
      decided(by(holding()), spentUsd).budgets.map(({ step }) => `${step.at} ${step.do}`);
    expect(told(16)).toEqual(["80 hold", "50 notify"]);
    expect(told(20)).toEqual(["100 abort", "80 hold"]);
  });

  it("is held back by a pause, an exemption of its rule, and a ledger that is not whole", () => {
    const pause = { since: at(-HOUR), by: "ada", reason: "a migration" };
    expect(briefs(by(holding()), 16, { pause })).toEqual(["a-day 80 enforce pause"]);
    const exemptions = [exemption({ subject: { kind: "rule", id: "a-day" } })];
    expect(briefs(by(holding()), 16, { exemptions })).toEqual(["a-day 80 enforce exemption"]);
    const over = [exemption({ subject: { kind: "rule", id: "a-day" }, until: at(-1) })];
    expect(briefs(by(holding()), 16, { exemptions: over })).toEqual(["a-day 80 enforce -"]);
  });

  it("says the same in observe mode", () => {
    expect(briefs(by(holding({ mode: "observe" })), 16)).toEqual(["a-day 80 observe -"]);
  });
});

describe("which schedules are wanted held", () => {
  const wanted = (rule: BudgetRule, view: Parameters<typeof control>[0] = {}) => {
    const policy = by(rule);
    const { holds } = decided(policy, 16, view);
    return wantedHolds(policy, holds, [nightly, other], control(view), NOON).map(
      ({ scheduleId, until, guard }) => `${scheduleId} ${until.toISOString()} ${guard ?? "-"}`,
    );
  };
  const until = TO.toISOString();

  it("are those that start runs of the group, until its window ends", () => {
    expect(wanted(holding({ budget: budget({ each: "actor" }) }))).toEqual([`nightly ${until} -`]);
    expect(wanted(holding())).toEqual([`nightly ${until} -`, `other ${until} -`]);
    expect(wanted(holding({ for: { actors: ["shop"] } }))).toEqual([`nightly ${until} -`]);
    expect(wanted(holding({ for: { origins: ["API"] } }))).toEqual([]);
  });

  it("are not those that start what is exempt", () => {
    const exemptions = [exemption({ subject: { kind: "actor", id: "shop" } })];
    expect(wanted(holding(), { exemptions })).toEqual([`nightly ${until} exemption`, `other ${until} -`]);
  });
});

describe("holdOver()", () => {
  const cause = { kind: "budget" as const, ruleId: "a-day", group: "account", from: at(-12 * HOUR) };
  const over = (
    policy: Policy | undefined,
    spentUsd: number,
    now = NOON,
    exemptions = control().exemptions,
  ) =>
    holdOver(
      { cause, until: TO, measured: usd(16) },
      {
        policy,
        budgets: policy && standingsOf(policy, ledger(spentBy("shop", spentUsd)), now),
        control: { exemptions },
        source: nightly,
        now,
      },
    );

  it("keeps what is held while its budget is spent, and where no policy can be read", () => {
    expect(over(by(holding()), 16)).toBeUndefined();
    expect(over(undefined, 16)).toBeUndefined();
  });

  it("ends with the window, a raise, the rule, its step, its mode, and an exemption", () => {
    expect(over(by(holding()), 16, TO)).toBe("its budget's window has ended");
    expect(over(undefined, 16, TO)).toBe("its budget's window has ended");
    expect(over(by(holding({ budget: budget({ limit: usd(40) }) })), 16)).toBe("a-day has room again");
    expect(over(by(daily({ id: "another" })), 16)).toBe("the policy has no budget a-day any more");
    expect(over(by(daily()), 16)).toBe("a-day holds no schedules any more");
    expect(over(by(holding({ mode: "observe" })), 16)).toBe("a-day is only observed now");
    const rule = [exemption({ subject: { kind: "rule", id: "a-day" } })];
    expect(over(by(holding()), 16, NOON, rule)).toBe("it is exempt from a-day");
    const actor = [exemption({ subject: { kind: "actor", id: "shop" } })];
    expect(over(by(holding()), 16, NOON, actor)).toBe("it is exempt from a-day");
  });

  it("does not end by a ledger that may hold too little, but by a raise all the same", () => {
    const of = (rule: BudgetRule, view: Parameters<typeof ledger>[1]) => {
      const policy = by(rule);
      const budgets = standingsOf(policy, ledger(spentBy("shop", 3), view), NOON);
      const held = { cause, until: TO, measured: usd(16) };
      return holdOver(held, { policy, budgets, control: control(), source: nightly, now: NOON });
    };
    expect(of(holding(), {})).toBe("a-day has room again");
    expect(of(holding(), { lastCompleteAt: at(-HOUR) })).toBeUndefined();
    expect(of(holding(), { completeSince: at(-HOUR) })).toBeUndefined();
    const raised = holding({ budget: budget({ limit: usd(40) }) });
    expect(of(raised, { lastCompleteAt: at(-HOUR) })).toBe("a-day has room again");
  });

  it("does not end because a projection sinks, which it does once nothing is started", () => {
    const projected = holding({ steps: [{ at: 80, do: "hold", basis: "projected" }] });
    expect(over(by(projected), 3)).toBeUndefined();
    expect(over(by({ ...projected, budget: budget({ limit: usd(40) }) }), 3)).toBe("a-day has room again");
  });
});
