import { describe, expect, it } from "vitest";
import { focusCsv, focusRow } from "../../../../cli/lines/focus.ts";
import { fiveUsd } from "../../../support/policies.ts";
import { type Watched, watchFrom } from "../../../support/watch.ts";
import { burning, MINUTE, worldOf } from "../../../support/world.ts";
import { cli } from "../../support.ts";

/** The columns that FOCUS 1.2 wants of every dataset, by its own list. */
const MANDATORY = [
  "BilledCost",
  "BillingAccountId",
  "BillingAccountName",
  "BillingCurrency",
  "BillingPeriodEnd",
  "BillingPeriodStart",
  "ChargeCategory",
  "ChargeClass",
  "ChargeDescription",
  "ChargePeriodEnd",
  "ChargePeriodStart",
  "ContractedCost",
  "EffectiveCost",
  "InvoiceIssuerName",
  "ListCost",
  "PricingQuantity",
  "PricingUnit",
  "ProviderName",
  "PublisherName",
  "ServiceCategory",
  "ServiceName",
];

/** An hour around midnight, by an Actor's own runs and by those of its task. */
async function aroundMidnight(): Promise<Watched> {
  const runs = [
    burning(2, { ends: { afterMs: 55 * MINUTE, status: "SUCCEEDED" } }),
    burning(1, { task: "shop-eu" }),
  ];
  const watched = await watchFrom(new Date("2026-11-24T23:30:00.000Z"), worldOf(...runs), fiveUsd());
  await watched.ticks(60);
  return watched;
}
const ofMidnight = aroundMidnight();

describe("watchdog spend --focus", () => {
  it("adds up to what spend says, a row for each Actor, task, origin and UTC day", async () => {
    const watched = await ofMidnight;
    const { rows, focusVersion } = JSON.parse((await cli(watched, ["spend", "--focus", "--json"])).out);
    expect(focusVersion).toBe("1.2");
    const { totalUsd } = JSON.parse((await cli(watched, ["spend", "--json"])).out);
    const sum = rows.reduce((all: number, { EffectiveCost: usd }: { EffectiveCost: number }) => all + usd, 0);
    expect(sum).toBeCloseTo(totalUsd, 6);
    expect(
      rows.map((row: Record<string, string>) => [row.ChargePeriodStart, row.ChargePeriodEnd, row.Tags]),
    ).toEqual([
      ["2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z", '{"apify/origin":"API"}'],
      ["2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z", '{"apify/task":"acme/shop-eu","apify/origin":"API"}'],
      ["2026-11-25T00:00:00Z", "2026-11-25T01:00:00Z", '{"apify/origin":"API"}'],
      ["2026-11-25T00:00:00Z", "2026-11-25T01:00:00Z", '{"apify/task":"acme/shop-eu","apify/origin":"API"}'],
    ]);
    for (const row of rows) {
      expect(row).toMatchObject({
        BillingCurrency: "USD",
        BillingPeriodStart: "2026-11-01T00:00:00Z",
        BillingPeriodEnd: "2026-12-01T00:00:00Z",
        ResourceName: "acme/shop",
        x_IsEstimate: "true",
        ChargeDescription: expect.stringMatching(/^Estimate of what runs of acme\/shop cost/),
        PricingQuantity: null,
      });
      expect(row.BillingAccountId).toEqual(expect.any(String));
      expect([row.BilledCost, row.ListCost, row.ContractedCost]).toEqual(Array(3).fill(row.EffectiveCost));
    }
  });

  it("is CSV with every column that FOCUS 1.2 wants, and ours behind x_", async () => {
    const { out, code } = await cli(await ofMidnight, ["spend", "--focus"]);
    expect(code).toBe(0);
    const [titles = "", ...lines] = out.trim().split("\r\n");
    expect(titles.split(",")).toEqual(expect.arrayContaining(MANDATORY));
    const ours = titles.split(",").filter((title) => !/^[A-Z][A-Za-z]+$/.test(title));
    expect(ours.every((title) => title.startsWith("x_"))).toBe(true);
    expect(lines).toHaveLength(4);
    expect((await cli(await ofMidnight, ["spend", "--focus", "--by", "day"])).code).toBe(2);
    expect((await cli(await ofMidnight, ["spend", "--focus", "--since", "90d"])).code).toBe(3);
  });

  it("leaves empty what is not known, and lets no name act in a spreadsheet", () => {
    const day = { from: new Date("2026-10-02"), to: new Date("2026-10-03") };
    const cycle = { from: new Date("2026-11-01"), to: new Date("2026-11-30T23:59:59.999Z") };
    const names = { actorName: () => '=HYPERLINK("x")', taskName: () => undefined };
    const row = focusRow(
      { actorId: "a", actorTaskId: "t", window: day, runsOfUnknownCost: 2 },
      { ...names, cycle },
    );
    expect(row).toMatchObject({
      BilledCost: null,
      BillingAccountId: null,
      BillingPeriodStart: null,
      x_RunsOfUnknownCost: 2,
    });
    const [, line] = focusCsv([row]).split("\r\n");
    expect(line).toMatch(/^,,,USD,,,Usage,,/);
    expect(line).toContain(`,"'=HYPERLINK(""x"")",Actor,`);
    expect(focusCsv([]).split("\r\n")).toHaveLength(1);
  });
});
