import { type MicroUsd, NO_PRICING, type RunDetail, type RunSettings } from "../../policy/index.ts";
import { eventPrices } from "./event-prices.ts";
import { isObject, microUsdOf, numberOf, numbersOf, textOf, type Unread } from "./json.ts";

/** What only a run's own endpoint shows. Each part is read by itself: one that can't be read never loses another. */
export function detailOf({ stats, usage, usageUsd, chargedEventCounts, pricingInfo }: Unread): RunDetail {
  const numbers = numbersOf(stats, numberOf) ?? {};
  const resurrectCount = countOf(numbers.resurrectCount);
  const quantities = numbersOf(usage, quantityOf);
  const usageMicroUsd: Readonly<Record<string, MicroUsd>> | undefined = numbersOf(usageUsd, microUsdOf);
  const events = numbersOf(chargedEventCounts, countOf);
  const eventMicroUsd = eventPrices(pricingInfo);
  return {
    stats: numbers,
    ...(resurrectCount !== undefined && { resurrectCount }),
    ...(quantities && { usage: quantities }),
    ...(usageMicroUsd && { usageMicroUsd }),
    ...(events && { events }),
    ...(eventMicroUsd && { eventMicroUsd }),
  };
}

/** What this life of the run was started with. */
export function settingsOf({ options, buildNumber: number, pricingInfo }: Unread): RunSettings {
  const set = isObject(options) ? options : {};
  const build = textOf(set.build);
  const buildNumber = textOf(number);
  const memoryMbytes = countOf(set.memoryMbytes);
  const timeoutSecs = countOf(set.timeoutSecs);
  const pricingModel = pricingModelOf(pricingInfo);
  return {
    ...(build !== undefined && { build }),
    ...(buildNumber !== undefined && { buildNumber }),
    ...(memoryMbytes !== undefined && { memoryMbytes }),
    ...(timeoutSecs !== undefined && { timeoutSecs }),
    ...(pricingModel !== undefined && { pricingModel }),
  };
}

/** No pricing at all is an answer; pricing that can't be read is none. */
const pricingModelOf = (pricingInfo: unknown): string | undefined =>
  pricingInfo === undefined || pricingInfo === null
    ? NO_PRICING
    : isObject(pricingInfo)
      ? textOf(pricingInfo.pricingModel)
      : undefined;

const quantityOf = (value: unknown): number | undefined => {
  const number = numberOf(value);
  return number !== undefined && number >= 0 ? number : undefined;
};

const countOf = (value: unknown): number | undefined => {
  const number = quantityOf(value);
  return Number.isSafeInteger(number) ? number : undefined;
};
