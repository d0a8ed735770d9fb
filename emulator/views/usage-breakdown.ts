import { dusted } from "../ground/accrual.ts";
import { accountedUntil } from "../runs/accounted.ts";
import { correctionOf, uncorrected } from "../runs/accrual.ts";
import { billedFor } from "../runs/charges.ts";
import { missingIn } from "../runs/figure.ts";
import type { Run } from "../runs/run.ts";
import type { Sight } from "../runs/sight.ts";
import { computeUnits, workingUnits, workUsd } from "../runs/usage.ts";
import { PRICES, type Service } from "../world/services.ts";

const SERVICES = Object.keys(PRICES) as Service[];

/**
 * `usage` (quantities) and `usageUsd` (dollars, which add up to the total) for a run whose cost is known at `atMs`. Of a
 * run that is billed for its events there is no `usageUsd`: who runs it does not pay for what it uses.
 */
export function usageBreakdown(run: Run, sight: Sight): { usage: object; usageUsd?: object } | undefined {
  if (run.character.hidesCost) return undefined;
  const accounted = accountedUntil(run, sight.costMs);
  const total = dusted(uncorrected(run).by(accounted));
  // Quantities are what they are; their price is corrected.
  const price = missingIn(run, sight) === "zero" ? 0 : correctionOf(run, accounted, sight.costMs);
  const paid = billedFor(run);
  const work = workUsd(run, accounted);
  // Of what work alone made, to the last digit: while the run idles nothing but compute may move.
  const beyond =
    paid === "own usage"
      ? 0
      : work - Math.min(work, workingUnits(run, accounted) * PRICES.ACTOR_COMPUTE_UNITS);
  const compute =
    paid === "events"
      ? computeUnits(run, accounted) * PRICES.ACTOR_COMPUTE_UNITS
      : Math.max(0, total - beyond);
  const usage: Partial<Record<Service, number>> = {};
  const usageUsd: Partial<Record<Service, number>> = {};
  for (const service of SERVICES) {
    const usd = service === "ACTOR_COMPUTE_UNITS" ? compute : beyond * (run.character.spendsOn[service] ?? 0);
    const isCounted = !service.endsWith("_GBYTES") && !service.endsWith("_UNITS");
    usage[service] = isCounted ? Math.round(usd / PRICES[service]) : usd / PRICES[service];
    usageUsd[service] = usd * price;
  }
  return paid === "events" ? { usage } : { usage, usageUsd };
}
