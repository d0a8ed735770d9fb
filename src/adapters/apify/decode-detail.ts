import { NO_PRICING, type RunDetail, type RunSettings } from "../../policy/index.ts";
import { eventPrices, resultPrice } from "./event-prices.ts";
import {
  countOf,
  flagOf,
  isObject,
  microUsdOf,
  numbersOf,
  pastInstantOf,
  quantityOf,
  textOf,
  type Unread,
} from "./http/json.ts";

/** What only a run's own endpoint shows. Each part is read by itself: one that can't be read never loses another. */
export function detailOf(data: Unread, at: Date): RunDetail {
  const stats = numbersOf(data.stats, quantityOf) ?? {};
  return {
    stats,
    ...told({
      resurrectCount: countOf(stats.resurrectCount),
      usage: numbersOf(data.usage, quantityOf),
      usageMicroUsd: numbersOf(data.usageUsd, microUsdOf),
      events: numbersOf(data.chargedEventCounts, countOf),
      eventMicroUsd: eventPrices(data.pricingInfo),
      accountedEvents: numbersOf(data.accountedChargedEventCounts, countOf),
      eventUsageMicroUsd: numbersOf(data.eventUsage, (event) =>
        microUsdOf(isObject(event) ? event.eventTotalUsd : undefined),
      ),
      resultMicroUsd: resultPrice(data.pricingInfo),
      chargingStoppedAt: pastInstantOf(data.chargingStoppedAt, at),
      metamorphs: Array.isArray(data.metamorphs) ? data.metamorphs.length : undefined,
      billing: textOf(data.platformUsageBillingModel),
    }),
  };
}

/** What this life of the run was started with. */
export function settingsOf({ options, buildNumber, pricingInfo }: Unread): RunSettings {
  const set = isObject(options) ? options : {};
  return told({
    build: textOf(set.build),
    buildNumber: textOf(buildNumber),
    memoryMbytes: countOf(set.memoryMbytes),
    timeoutSecs: countOf(set.timeoutSecs),
    pricingModel: pricingModelOf(pricingInfo),
    maxTotalChargeMicroUsd: microUsdOf(set.maxTotalChargeUsd),
    capSetByUser: capSetByUserOf(set),
    maxItems: countOf(set.maxItems),
    restartOnError: flagOf(set.restartOnError),
  });
}

/** Options without a cap, of which every run has a timeout at least: no user set one. Who set the one that is there Apify tells or not. */
function capSetByUserOf(options: Unread): boolean | undefined {
  const { timeoutSecs, maxTotalChargeUsd: cap, isMaxTotalChargeUsdSetByUser: isByUser } = options;
  if (cap === undefined || cap === null) return countOf(timeoutSecs) === undefined ? undefined : false;
  return flagOf(isByUser);
}

/** No pricing at all is an answer; pricing that can't be read is none. */
const pricingModelOf = (pricingInfo: unknown): string | undefined =>
  pricingInfo === undefined || pricingInfo === null
    ? NO_PRICING
    : isObject(pricingInfo)
      ? textOf(pricingInfo.pricingModel)
      : undefined;

type Told<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what could not be read: absent, and never there as nothing. */
export const told = <T extends object>(parts: T): Told<T> =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Told<T>;
