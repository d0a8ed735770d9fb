import { MAX_LIMIT_USD, parseUsd, toMicroUsd } from "../money.ts";
import { isActive } from "../run.ts";
import { isYoungLife, known, type Limit } from "./limit.ts";

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
    const cost = run.usageTotalMicroUsd;
    if (cost !== undefined && Number.isFinite(cost)) return known(cost);
    const reason = "Apify reports no usageTotalUsd for this run";
    return { kind: "unknown", reason, young: isYoungLife(life, now) };
  },
};
