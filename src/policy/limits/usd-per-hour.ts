import { isActive } from "../run.ts";
import { amount } from "../values/figure-forms.ts";
import { isYoungLife, known, type Limit, unknown } from "./limit.ts";

/**
 * The burn rate: how fast `usageTotalUsd` grew over the last two stretches between figures of it that differed, the slower
 * one counting, less what it has rested since. A rate, so it is believed at two looks in a row.
 */
export const usdPerHour: Limit = {
  usage: "usdPerHour",
  about: "The burn rate: how fast the cost grew over the slower of its last two stretches.",
  pattern: /^usdPerHour$/,
  words: () => "burn rate",
  unit: () => "USD/h",
  form: () => amount,
  needs: "list",
  restsOnCost: () => true,
  isGauge: () => true,
  judges: isActive,
  measure({ run, life, measuredBurnMicroUsdPerHour: rate }, _limit, now) {
    if (!Number.isFinite(run.usageTotalMicroUsd))
      return unknown("Apify reports no usageTotalUsd for this run", isYoungLife(life, now));
    // Until the cost has moved twice while we looked there is no rate, and nothing is missing.
    return Number.isFinite(rate) ? known(Number(rate)) : unknown("its cost has not moved twice yet", true);
  },
};
