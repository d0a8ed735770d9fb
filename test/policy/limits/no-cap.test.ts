import { describe, expect, it } from "vitest";
import type { RunSettings } from "../../../src/policy/index.ts";
import { observation, run, usd } from "../../support/builders.ts";
import { known, limitOf, measure } from "./measuring.ts";

const started = (settings: RunSettings) => measure("noCap", observation({ run: run({ settings }) }));
const PPE = { pricingModel: "PAY_PER_EVENT" };

describe("noCap", () => {
  it("is all of it for a pay-per-event run whose user set no cap, and nothing for one whose user did", () => {
    expect(started({ ...PPE, capSetByUser: false })).toEqual(known(1));
    expect(started({ ...PPE, capSetByUser: true, maxTotalChargeMicroUsd: usd(5) })).toEqual({
      ...known(0),
      facts: { maxTotalChargeUsd: 5 },
    });
  });

  it("takes a cap that Apify set of all that is left for none, and says how much that is", () => {
    expect(started({ ...PPE, capSetByUser: false, maxTotalChargeMicroUsd: usd(191.24) })).toEqual({
      ...known(1),
      facts: { maxTotalChargeUsd: 191.24 },
    });
  });

  it.each(["FREE", "NONE", "FLAT_PRICE_PER_MONTH", "A_MODEL_OF_TOMORROW"])(
    "is nothing for a run of pricing %s, cap or not",
    (pricingModel) => {
      expect(started({ pricingModel, capSetByUser: false })).toEqual(known(0));
      expect(started({ pricingModel })).toEqual(known(0));
    },
  );

  it("is unknown where Apify does not tell the pricing, or who set the cap", () => {
    const unknown = (reason: string) => ({ kind: "unknown", reason, young: false });
    expect(started({ capSetByUser: false })).toEqual(unknown("Apify reports no pricing model for this run"));
    expect(started({ ...PPE, maxTotalChargeMicroUsd: usd(5) })).toEqual(
      unknown("Apify does not report who set the run's maxTotalChargeUsd"),
    );
    expect(measure("noCap", observation())).toEqual(unknown("the run's detail was not read"));
  });

  it("is written as true, and as nothing else", () => {
    expect(limitOf({ noCap: true })).toEqual({ metric: "noCap", value: 1 });
    expect(() => limitOf({ noCap: false })).toThrow("wanted true: a pay-per-event run without a cap");
    expect(() => limitOf({ noCap: "yes" })).toThrow("did you mean true, without quotes?");
  });
});
