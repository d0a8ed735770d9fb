import { describe, expect, it } from "vitest";
import { type LedgerView, type Observation, parsePolicy } from "../../../src/policy/index.ts";
import {
  at,
  budgetRule,
  control,
  HOUR,
  ledgerOf,
  life,
  observation,
  policy,
  run,
  runOfUnknownCost,
  usd,
} from "../../support/builders.ts";
import { type Around, costing, explain } from "./explaining.ts";

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
      "can't determine whether it applies: the name of its Actor could not be resolved",
    );
    expect(says({ for: { pricingModels: ["FREE"] }, limit }, observation())).toBe(
      "can't determine whether it applies: Apify has not reported its pricingModels",
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

  it("tell the timeout, and nothing of one that is not reported", () => {
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
  const burning = {
    actorId: "actor1",
    origin: "API",
    startedAt: at(-HOUR),
    usageTotalMicroUsd: 0,
    unrecorded: {},
  };
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
