import { MAX_LIMIT_USD, parseUsd, toMicroUsd } from "../money.ts";
import { isActive } from "../run.ts";
import { known, type Limit, secsBetween } from "./limit.ts";

/** Apify's own figures lag for about this long after a start; until then a missing cost is no finding. */
const YOUNG_SECS = 120;

/** What the run costs its owner over all its lives, as Apify's `usageTotalUsd` says. */
export const usageTotalUsd: Limit = {
  matches: (metric) => metric === "usageTotalUsd",
  usage: "usageTotalUsd",
  expects: "an amount in USD above 0, such as 5 or 0.25",
  unit: () => "USD",
  parse(raw) {
    const micro = parseUsd(raw);
    return micro !== undefined && micro > 0 && micro <= toMicroUsd(MAX_LIMIT_USD) ? micro : undefined;
  },
  needsDetail: false,
  isGauge: () => false,
  judges: isActive,
  measure({ run, life }, _metric, now) {
    if (run.usageTotalMicroUsd !== undefined) return known(run.usageTotalMicroUsd);
    const young = secsBetween(life.since, now) < YOUNG_SECS;
    return { kind: "unknown", reason: "Apify reports no usageTotalUsd for this run", young };
  },
};
