import { describe, expect, it } from "vitest";
import { budgetStepsAhead, standingsOf } from "../../../../src/policy/index.ts";
import { at, budgetRule, HOUR, ledgerOf, NOON, policy, usd } from "../../../support/builders.ts";

const live = (usdPerHour: number) => [
  {
    actorId: "actor1",
    origin: "API",
    startedAt: at(-HOUR),
    unrecorded: {},
    measuredBurnMicroUsdPerHour: usd(usdPerHour),
  },
];
const steps = [
  { at: 50, do: "notify" },
  { at: 100, basis: "projected", do: "notify" },
  { at: 100, do: "abort" },
] as const;

function ahead(spentUsd: number, usdPerHour: number) {
  const rule = budgetRule({ steps });
  const ledger = ledgerOf(spentUsd, { live: live(usdPerHour) });
  const [standing] = standingsOf(policy({ rules: [rule] }), ledger, NOON).groups.values();
  if (standing === undefined) throw new Error("no budget stands anywhere");
  return budgetStepsAhead(standing, NOON);
}

describe("budgetStepsAhead()", () => {
  it("tells the steps that are not reached, what reaches them and when the live runs bring it there", () => {
    expect(ahead(20, 5)).toMatchObject([
      { step: { at: 50, do: "notify" }, value: usd(25), inSecs: HOUR },
      { step: { at: 100, do: "abort" }, value: usd(50), inSecs: 6 * HOUR },
    ]);
  });

  it("tells no time where nothing is known to burn, nor beyond the window's end", () => {
    for (const usdPerHour of [0, 2]) expect(ahead(25, usdPerHour).at(-1)?.inSecs).toBeUndefined();
  });

  it("tells no time of a projection, which is no sum that grows", () => {
    const [projected] = ahead(10, 1).filter(({ step }) => step.basis === "projected");
    expect(projected).toMatchObject({ value: usd(50) });
    expect(projected?.inSecs).toBeUndefined();
  });
});
