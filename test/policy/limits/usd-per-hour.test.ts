import { describe, expect, it } from "vitest";
import { at, observation, run, runOfUnknownCost, usd } from "../../support/builders.ts";
import { known, limitOf, measure } from "./measuring.ts";

describe("usdPerHour", () => {
  const burning = (rate?: number, of = run()) =>
    measure(
      "usdPerHour",
      observation({ run: of, ...(rate !== undefined && { measuredBurnMicroUsdPerHour: rate }) }),
    );

  it("measures how fast the cost grew between the last two figures of it that differed", () => {
    expect([burning(usd(12)), burning(0)]).toEqual([known(usd(12)), known(0)]);
  });

  it("never takes the average since the start, which stands in for a rate when runs are put in order", () => {
    const average = observation({ burnMicroUsdPerHour: usd(99) });
    expect(measure("usdPerHour", average)).toMatchObject({ kind: "unknown" });
  });

  it("misses nothing until the cost has moved twice, however old the run is", () => {
    expect(burning()).toEqual({ kind: "unknown", reason: "its cost has not moved twice yet", young: true });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("takes a rate of %d for none", (rate) => {
    expect(burning(rate)).toMatchObject({ kind: "unknown" });
  });

  it("is unknown where Apify tells no cost, whatever the rate was before", () => {
    const untold = { kind: "unknown", reason: "Apify reports no usageTotalUsd for this run" };
    expect(burning(usd(12), runOfUnknownCost())).toEqual({ ...untold, young: false });
    expect(burning(usd(12), run({ usageTotalMicroUsd: Number.NaN }))).toEqual({ ...untold, young: false });
    expect(burning(usd(12), runOfUnknownCost({ startedAt: at(-60) }))).toEqual({ ...untold, young: true });
  });

  it("is limited to an amount of money an hour", () => {
    expect(limitOf({ usdPerHour: "2.50 USD" })).toEqual({ metric: "usdPerHour", value: usd(2.5) });
  });
});
