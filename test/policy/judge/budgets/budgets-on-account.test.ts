import { describe, expect, it } from "vitest";
import { standingsOf } from "../../../../src/policy/judge/budgets/budgets.ts";
import type { LedgerView } from "../../../../src/policy/spend/ledger-view.ts";
import { at, DAY, HOUR, NOON, usd } from "../../../support/builders.ts";
import { budget, by, daily, ledger, spentBy, standing } from "./spending.ts";

describe("a budget on what Apify says of the account", () => {
  const cycle = { from: new Date("2026-11-10"), to: new Date("2026-12-10") };
  const rule = daily({
    id: "plan",
    budget: budget({ limit: usd(499), per: "cycle" }),
    steps: [
      { at: 90, do: "notify", basis: "account" },
      { at: 100, do: "abort" },
    ],
  });
  const view = (accountUsd: number | undefined, readAt = at(-HOUR), spentUsd = 400): LedgerView =>
    ledger(spentUsd > 0 ? spentBy("actor1", spentUsd) : [], {
      cycle,
      ...(accountUsd !== undefined && { accountUsage: { microUsd: usd(accountUsd), readAt } }),
    });

  it("gives notice by Apify's own figure, though the runs alone are within it, and stops by what these spent", () => {
    const { verdict, spent } = standing(by(rule), view(620));
    expect(spent).toBe(usd(400));
    expect(verdict).toMatchObject({
      kind: "breach",
      notice: {
        step: { at: 90, do: "notify", basis: "account" },
        evidence: {
          measured: usd(620),
          limit: usd(499),
          basis: "account",
          source: "account",
          observedAt: at(-HOUR),
        },
      },
    });
    expect(verdict).not.toHaveProperty("stop");
    expect(standing(by(rule), view(400)).verdict).toMatchObject({ kind: "within" });
    expect(standing(by(rule), view(620, at(-HOUR), 500)).verdict).toMatchObject({
      stop: { step: { at: 100 }, evidence: { measured: usd(500), source: "ledger" } },
    });
  });

  it("gives notice where no run has spent anything", () => {
    expect(standing(by(rule), view(620, at(-HOUR), 0)).verdict).toMatchObject({
      notice: { step: { at: 90 } },
    });
    expect(standingsOf(by(daily()), ledger(), NOON).groups.size).toBe(0);
  });

  it("is unknown until Apify has told it in this cycle, and so held against nobody in its first two hours", () => {
    const unknown = {
      kind: "unknown",
      reason: "Apify has not reported what the account has used in this cycle",
    };
    expect(standing(by(rule), view(undefined)).verdict).toMatchObject({ ...unknown, young: false });
    expect(standing(by(rule), view(620, new Date("2026-11-09T23:00:00Z"))).verdict).toMatchObject(unknown);
    const begun = { ...view(undefined), cycle: { from: at(-7199), to: at(DAY) } };
    expect(standing(by(rule), begun).verdict).toMatchObject({ ...unknown, young: true });
  });
});
