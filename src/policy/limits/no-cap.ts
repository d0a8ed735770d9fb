import { isActive, PAY_PER_EVENT, type RunSettings } from "../run.ts";
import { exactly, type Form, reading } from "../values/forms.ts";
import { trueHint } from "../values/hints.ts";
import { toUsd } from "../values/money.ts";
import { known, type Limit, type Measurement, unknown } from "./limit.ts";

const form: Form<number> = reading(
  exactly(
    true,
    "true: a pay-per-event run without a cap that its user set is at 100% of it, any other at 0%",
    trueHint,
  ),
  () => 1,
);

function capOf({ pricingModel, capSetByUser, maxTotalChargeMicroUsd: cap }: RunSettings): Measurement {
  if (pricingModel === undefined) return unknown("Apify reports no pricing model for this run", false);
  if (pricingModel !== PAY_PER_EVENT) return known(0);
  if (capSetByUser === undefined)
    return unknown("Apify does not report who set the run's maxTotalChargeUsd", false);
  return known(capSetByUser ? 0 : 1, cap === undefined ? undefined : { maxTotalChargeUsd: toUsd(cap) });
}

/**
 * A pay-per-event run whose user set no `maxTotalChargeUsd`. Apify then sets one itself, of all the credit that is left, so
 * that one is there says nothing: `options.isMaxTotalChargeUsdSetByUser` does.
 */
export const noCap: Limit = {
  usage: "noCap",
  about:
    "Whether a pay-per-event run has no maxTotalChargeUsd that its user set: then it is at 100%, else at 0%.",
  pattern: /^noCap$/,
  words: () => "no cap on its charges",
  unit: () => "flag",
  form: () => form,
  needs: "settings",
  isGauge: () => false,
  judges: isActive,
  measure: ({ run: { settings } }) =>
    settings ? capOf(settings) : unknown("the run's detail was not read", false),
};
