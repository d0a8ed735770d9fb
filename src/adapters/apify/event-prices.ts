import { isObject, numberOf, numbersOf } from "./http/json.ts";

const MICRO = 1_000_000;

/**
 * What one of each event costs at least, in micro-dollars and not rounded: a single event may cost a fraction of one.
 *
 *     pricingPerEvent.actorChargeEvents.<event>.eventPriceUsd
 *                                              .eventTieredPricingUsd.<tier>.tieredEventPriceUsd
 *
 * Which tier is the account's is not told with the run, so the cheapest stands for all. An event of which one price
 * can't be read is left out: that one might be the cheapest.
 */
export function eventPrices(pricingInfo: unknown): Readonly<Record<string, number>> | undefined {
  if (!isObject(pricingInfo) || !isObject(pricingInfo.pricingPerEvent)) return undefined;
  return numbersOf(pricingInfo.pricingPerEvent.actorChargeEvents, leastPrice);
}

function leastPrice(event: unknown): number | undefined {
  if (!isObject(event)) return undefined;
  const { eventPriceUsd: flat, eventTieredPricingUsd: tiers } = event;
  if (isTold(tiers) && !isObject(tiers)) return undefined;
  const tiered = Object.values(isTold(tiers) ? tiers : {}).map((tier) =>
    microUsdOf(isObject(tier) ? tier.tieredEventPriceUsd : undefined),
  );
  const prices = isTold(flat) ? [microUsdOf(flat), ...tiered] : tiered;
  const known = prices.filter((price) => price !== undefined);
  return known.length > 0 && known.length === prices.length ? Math.min(...known) : undefined;
}

const isTold = <T>(value: T): value is NonNullable<T> => value !== undefined && value !== null;

function microUsdOf(usd: unknown): number | undefined {
  const micro = (numberOf(usd) ?? -1) * MICRO;
  return micro >= 0 && Number.isFinite(micro) ? micro : undefined;
}

/**
 * What one result costs at most, in micro-dollars and not rounded; of any other pricing `undefined`.
 *
 *     pricingModel: PRICE_PER_DATASET_ITEM
 *     pricePerUnitUsd, or tieredPricing.<tier>.tieredPricePerUnitUsd
 *
 * Which tier is the account's is not told, so the most expensive stands for all; one that can't be read might be that.
 */
export function resultPrice(pricingInfo: unknown): number | undefined {
  if (!isObject(pricingInfo) || pricingInfo.pricingModel !== "PRICE_PER_DATASET_ITEM") return undefined;
  const { pricePerUnitUsd: flat, tieredPricing: tiers } = pricingInfo;
  if (isTold(flat)) return microUsdOf(flat);
  if (!isObject(tiers)) return undefined;
  const prices = Object.values(tiers).map((tier) =>
    microUsdOf(isObject(tier) ? tier.tieredPricePerUnitUsd : undefined),
  );
  const known = prices.filter((price) => price !== undefined);
  return known.length > 0 && known.length === prices.length ? Math.max(...known) : undefined;
}
