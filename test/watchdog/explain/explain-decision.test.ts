import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decide,
  type LedgerView,
  type Observation,
  type Policy,
  parsePolicy,
} from "../../../src/policy/index.ts";
import { explainDecision } from "../../../src/watchdog/explain/explain-decision.ts";
import { mixedBudgetInputs } from "../../policy/arbitraries/budget-inputs.ts";
import { inputs } from "../../policy/arbitraries/inputs.ts";
import {
  at,
  blast,
  budgetRule,
  control,
  HOUR,
  ledgerOf,
  life,
  maxAborts,
  NOON,
  observation,
  policy,
  run,
  runOfUnknownCost,
  usd,
} from "../../support/builders.ts";

type Around = {
  readonly policy?: Policy;
  readonly control?: ReturnType<typeof control>;
  readonly ledger?: LedgerView;
};

const explain = (seen: Observation, around: Around = {}, others: readonly Observation[] = []) =>
  explainDecision(
    {
      policy: policy(),
      control: control(),
      observations: [seen, ...others],
      blast: blast(["run1"]),
      now: NOON,
      ...around,
    },
    seen,
  );

const costing = (amount: number, id = "run1"): Observation =>
  observation({ run: run({ id, usageTotalMicroUsd: usd(amount) }), burnMicroUsdPerHour: usd(amount) });

/** What the one rule says, written as people write it. */
const says = (written: Record<string, unknown>, seen: Observation): string => {
  const steps = [{ at: "100%", do: "abort" }];
  const parsed = parsePolicy({
    version: 1,
    timeZone: "Europe/Prague",
    rules: [{ id: "a", steps, ...written }],
  });
  return explain(seen, { policy: parsed }).rules[0]?.says ?? "";
};

describe("explainDecision()", () => {
  it("foresees the very stop that decide() takes, with its guard, whatever the policy and the runs", () => {
    fc.assert(
      fc.property(fc.oneof(inputs, mixedBudgetInputs), (input) => {
        const { decisions } = decide(input);
        for (const seen of input.observations) {
          const own = decisions.filter(({ subject }) => subject.runId === seen.run.id);
          const stop = own.find(({ action }) => action !== "notify");
          const { decision, notices, rules } = explainDecision(input, seen);
          expect(rules.map(({ ruleId }) => ruleId)).toEqual(input.policy.rules.map(({ id }) => id));
          if (own.length === 0) expect(decision.action).toBe("nothing");
          if (stop) {
            expect(decision).toMatchObject({ action: stop.action, ruleId: stop.ruleId, step: stop.step });
            expect(decision.guard).toBe(stop.guard);
          }
          const told = [decision, ...notices].filter(({ action }) => action === "notify");
          expect(told).toHaveLength(own.filter(({ action }) => action === "notify").length);
        }
      }),
    );
  });

  it("says that a stop is called, or that it is only observed", () => {
    expect(explain(costing(7)).decision).toMatchObject({ action: "abort", called: true });
    const observed = explain(costing(7), { policy: policy({ mode: "observe" }) });
    expect(observed.decision).toMatchObject({ action: "abort", called: false, guard: "observe" });
    expect(observed.decision.why).toContain(
      "cost $7.00 of $5.00 (no-run-over-5-usd); the rule is only observed",
    );
    expect(observed.rules[0]?.says).toContain("only observed");
  });

  it("names the exemption that holds, until when and by whom", () => {
    const exemption = {
      kind: "valid",
      subject: { kind: "run", id: "run1" },
      until: at(HOUR),
      ceilingMicroUsd: usd(20),
      owner: "ann",
      reason: "a backfill",
    } as const;
    const { decision, rules } = explain(costing(7), { control: control({ exemptions: [exemption] }) });
    expect(decision).toMatchObject({ action: "hold", guard: "exemption", called: false });
    expect(decision.why).toContain(
      "exempt: run run1 until 2026-11-24 13:00 UTC or $20.00, by ann: a backfill",
    );
    expect(rules[0]?.exempt).toMatchObject({ holds: true, ceilingUsd: 20 });
  });

  it("says that an exemption has come to its end, and that one that can't be read protects", () => {
    const subject = { kind: "run", id: "run1" } as const;
    const ended = { kind: "valid", subject, until: at(-1), owner: "ann", reason: "x" } as const;
    const over = explain(costing(7), { control: control({ exemptions: [ended] }) });
    expect(over.decision.action).toBe("abort");
    expect(over.rules[0]?.says).toContain("no longer exempt: run run1 until 2026-11-24 11:59 UTC");
    const broken = { kind: "malformed", subject, problem: "until is no date" } as const;
    const held = explain(costing(7), { control: control({ exemptions: [broken] }) });
    expect(held.decision.why).toContain("can't be read, so it protects (until is no date)");
  });

  it("says nothing of another run's exemption", () => {
    const subject = { kind: "run", id: "another" } as const;
    const theirs = { kind: "valid", subject, until: at(HOUR), owner: "ann", reason: "x" } as const;
    const { rules } = explain(costing(7), { control: control({ exemptions: [theirs] }) });
    expect(rules[0]?.exempt).toBeUndefined();
  });

  it("says by whom and since when the watchdog is paused", () => {
    const pause = { since: at(-HOUR), by: "bob", reason: "an incident" };
    const { decision } = explain(costing(7), { control: control({ pause }) });
    expect(decision.why).toContain("paused by bob since 2026-11-24 11:00 UTC: an incident");
  });

  it("counts dearer runs in: the one that finds no room in maxAborts is held", () => {
    const one = { policy: policy(maxAborts({ perTick: 1 })) };
    const [cheap, dear] = [costing(6), costing(60, "run2")];
    const { decision } = explain(cheap, one, [dear]);
    expect(decision).toMatchObject({ action: "hold", guard: "perTick" });
    expect(decision.why).toContain(
      "maxAborts.perTick allows were stopped in this tick (1); the dearest go first",
    );
    expect(explain(dear, one, [cheap]).decision.action).toBe("abort");
  });

  it("tells of a run that nothing is done about what comes nearest", () => {
    const { decision, rules } = explain(costing(1));
    expect(decision).toMatchObject({ action: "nothing", called: false });
    expect(decision.why).toBe(
      "no step is reached, at $1.00; nearest is no-run-over-5-usd: stop at 100% ($5.00, in about 4h)",
    );
    expect(rules[0]).toMatchObject({ measured: 1, limit: 5, share: 0.2, unit: "USD", basis: "actual" });
    expect(rules[0]?.nextStep).toMatchObject({ at: 100, do: "abort", figure: 5, inSecs: 4 * HOUR });
  });

  it("tells that a run is being stopped already", () => {
    const open = control({ openRunIds: new Set(["run1"]) });
    const { decision, rules } = explain(observation({ run: run({ status: "ABORTING" }) }), { control: open });
    expect(decision.why).toBe("it is being stopped already");
    // While it drains it is judged as before, so that one sees what condemned it.
    expect(rules[0]?.applies).toBe("yes");
  });
});

describe("a rule's words", () => {
  const detailed = (stats: Record<string, number>, looks = {}): Observation =>
    observation({ run: run({ detail: { stats } }), life: life({ looks }), source: "detail" });

  it("tell which key of the selector keeps it from the run, and what the run has", () => {
    const limit = { usageTotalUsd: 5 };
    expect(says({ for: { origins: ["WEB", "SCHEDULER"] }, limit }, observation())).toBe(
      "does not apply: for.origins is WEB, SCHEDULER; this run's: API",
    );
    expect(
      says({ for: { except: { actors: ["acme/*"] } }, limit }, observation({ actorName: "acme/shop" })),
    ).toBe("does not apply: for.except.actors is acme/*; this run's: acme/shop");
    const settings = { memoryMbytes: 1024 };
    expect(says({ for: { memory: [">=4GB"] }, limit }, observation({ run: run({ settings }) }))).toBe(
      "does not apply: for.memory is >=4 GB; this run's: 1 GB",
    );
  });

  it("tell what can't be told", () => {
    const limit = { usageTotalUsd: 5 };
    expect(says({ for: { actors: ["acme/*"] }, limit }, observation())).toBe(
      "can't tell whether it applies: the name of its Actor could not be resolved",
    );
    expect(says({ for: { pricingModels: ["FREE"] }, limit }, observation())).toBe(
      "can't tell whether it applies: Apify has not told its pricingModels",
    );
    expect(says({ limit }, observation({ run: runOfUnknownCost() }))).toMatch(
      /^not known: Apify reports no usageTotalUsd for this run; stop at 100% \(\$5\.00\)$/,
    );
  });

  it("tell that it is outside its schedule, its own or a step's", () => {
    const limit = { usageTotalUsd: 0.5 };
    const night = { days: ["mon-fri"], hours: ["22:00-06:00"] };
    const when = "(mon-fri 22:00-06:00 Europe/Prague)";
    expect(says({ schedule: night, limit }, observation())).toBe(`outside its schedule ${when}`);
    expect(says({ limit, steps: [{ at: "100%", do: "abort", schedule: night }] }, observation())).toBe(
      `reached 100% (abort), outside that step's schedule ${when}`,
    );
  });

  it("tell that a gauge waits for a second look", () => {
    const limit = { "stats.memCurrentBytes": "1GB" };
    const first = detailed({ memCurrentBytes: 2e9 });
    expect(says({ limit }, first)).toBe(
      "reached 100% (abort), waits for a second look at least 60 s after the first",
    );
    const second = detailed({ memCurrentBytes: 2e9 }, { "a@100/stats.memCurrentBytes/1000000000": at(-60) });
    expect(says({ limit }, second)).toBe("reached 100%: abort; only observed");
  });

  it("tell how many runs are wanted to know what is usual, and what it is", () => {
    const limit = { timesTypical: { usd: 3 } };
    const typical = (runs: number) => ({ usageTotalMicroUsd: { median: usd(2), runs } });
    expect(says({ limit }, observation({ typical: typical(4) }))).toContain(
      "not known yet: only 4 successful runs to compare with, wanted 10",
    );
    expect(says({ limit }, observation({ typical: typical(12) }))).toContain(
      "$1.00, usual is $2.00 (12 runs)",
    );
  });

  it("tell the timeout, and nothing of one that is not told", () => {
    const limit = { noTimeout: true };
    const six = observation({ run: run({ settings: { timeoutSecs: 6 * HOUR } }) });
    expect(says({ limit }, six)).toBe("its timeout is 6h; stop at 100% (no timeout)");
    expect(says({ limit }, observation())).not.toContain("its timeout is");
  });

  it("tell that a run's status is no matter of it", () => {
    expect(says({ limit: { queueTime: "1h" } }, observation())).toBe(
      "does not judge a run in status RUNNING",
    );
  });
});

describe("a budget's words", () => {
  const enforced = (rule = budgetRule()) => policy({ rules: [rule] });
  const burning = { actorId: "actor1", origin: "API", startedAt: at(-HOUR), unrecorded: {} };
  const told = (ledger: LedgerView, around: Around = {}, seen = costing(1)) =>
    explain(seen, { policy: enforced(), ledger, ...around });

  it("tell what is spent, of how much, for whom and until when, and what is ahead at the pace of its live runs", () => {
    const live = [{ ...burning, measuredBurnMicroUsdPerHour: usd(9.4) }];
    const { rules, decision } = told(ledgerOf(31.2, { live }));
    expect(rules[0]?.says).toBe(
      "spent $31.20 of $50.00 a day for the account until 2026-11-25 00:00 UTC; stop at 100% ($50.00, in about 2h)",
    );
    expect(rules[0]).toMatchObject({ measured: 31.2, limit: 50, place: { each: "account", per: "day" } });
    expect(decision.why).toContain("nearest is all-50-usd-a-day: stop at 100% ($50.00, in about 2h)");
  });

  it("tell no time for a step that its window ends before", () => {
    const live = [{ ...burning, measuredBurnMicroUsdPerHour: usd(0.1) }];
    expect(told(ledgerOf(31.2, { live })).rules[0]?.says).toMatch(/; stop at 100% \(\$50\.00\)$/);
  });

  it("tell that it is spent, and that the run is stopped for it", () => {
    const { rules, decision } = told(ledgerOf(50));
    expect(rules[0]?.says).toMatch(/until 2026-11-25 00:00 UTC; reached 100%: abort$/);
    expect(decision).toMatchObject({ action: "abort", called: true });
    expect(decision.why).toContain("the account spent $50.00 of $50.00 a day (all-50-usd-a-day)");
  });

  it.each([
    ["unfilledWindow", { completeSince: at(-1) }, "stops nothing yet: the ledger does not go back"],
    ["staleLedger", { lastCompleteAt: at(-HOUR) }, "stops nothing now: the ledger is not up to date"],
  ] as const)("tell that it stops nothing: %s", (guard, overrides, says) => {
    const { rules, decision } = told(ledgerOf(60, overrides));
    expect(decision).toMatchObject({ action: "hold", guard, called: false });
    expect(rules[0]).toMatchObject({ guard, says: expect.stringContaining(says) });
  });

  it("name the Actor where each has its own, and the exemption that holds", () => {
    const budget = { ...budgetRule().budget, each: "actor" } as const;
    const named = { ...costing(1), actorName: "acme/shop" };
    const subject = { kind: "rule", id: "all-50-usd-a-day" } as const;
    const exemption = { kind: "valid", subject, until: at(HOUR), owner: "ann", reason: "month end" } as const;
    const around = {
      policy: enforced(budgetRule({ budget })),
      control: control({ exemptions: [exemption] }),
    };
    const { rules, decision } = told(ledgerOf(60), around, named);
    expect(rules[0]?.says).toContain("spent $60.00 of $50.00 a day for Actor acme/shop until");
    expect(rules[0]?.says).toContain(
      "exempt: rule all-50-usd-a-day until 2026-11-24 13:00 UTC, by ann: month end",
    );
    expect(decision).toMatchObject({ action: "hold", guard: "exemption" });
  });

  it("tell what is spent also while a projection is not known, and that it waits for a second look", () => {
    const projected = budgetRule({ steps: [{ at: 100, do: "abort", basis: "projected" }] });
    const { rules } = told(ledgerOf(60), { policy: enforced(projected) });
    expect(rules[0]?.says).toContain("spent $60.00 of $50.00 a day");
    expect(rules[0]?.says).toContain("reached 100% (projected) (abort), waits for a second look");
  });

  it("tell that nothing is known where the ledger was not read", () => {
    const { rules, decision } = explain(costing(1), { policy: enforced() });
    expect(rules[0]?.says).toBe("not known yet: the ledger was not read");
    expect(decision.action).toBe("nothing");
  });
});
