import { type Run, toUsd } from "../../policy/index.ts";
import type { Charges } from "./explanation.ts";

/** What bounds what a run is charged, as far as its detail tells; `undefined`: nothing that it tells. */
export function chargesOf({ detail, settings }: Run): Charges | undefined {
  const { chargingStoppedAt, resultMicroUsd } = detail ?? {};
  const { maxItems } = settings ?? {};
  // Apify's `options.maxItems`: so many results are charged at most, while the run may go on. 0 is no bound.
  const results =
    resultMicroUsd !== undefined && maxItems !== undefined && maxItems > 0
      ? {
          most: maxItems,
          usdEach: resultMicroUsd / 1e6,
          usdAtMost: toUsd(Math.ceil(maxItems * resultMicroUsd)),
        }
      : undefined;
  if (chargingStoppedAt === undefined && results === undefined) return undefined;
  return {
    ...(chargingStoppedAt && { stoppedAt: chargingStoppedAt.toISOString() }),
    ...(results && { results }),
  };
}
