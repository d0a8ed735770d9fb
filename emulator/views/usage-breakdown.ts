import type { Run } from "../runs/run.ts";
import {
  accountedUntil,
  COMPUTE_UNIT_USD,
  computeUnits,
  reportedUsd,
  workingUnits,
  workUsd,
} from "../runs/usage.ts";

/** Unit prices in USD of Apify's lowest tier, as documented. Reads, writes and lists are per operation. */
const PRICES = {
  ACTOR_COMPUTE_UNITS: COMPUTE_UNIT_USD,
  DATASET_READS: 0.0000004,
  DATASET_WRITES: 0.000005,
  KEY_VALUE_STORE_READS: 0.000005,
  KEY_VALUE_STORE_WRITES: 0.00005,
  KEY_VALUE_STORE_LISTS: 0.00005,
  REQUEST_QUEUE_READS: 0.000004,
  REQUEST_QUEUE_WRITES: 0.00001,
  DATA_TRANSFER_INTERNAL_GBYTES: 0.05,
  DATA_TRANSFER_EXTERNAL_GBYTES: 0.2,
  PROXY_RESIDENTIAL_TRANSFER_GBYTES: 8,
  PROXY_SERPS: 0.0025,
} as const;

/** What remains of the total after compute is split so; the shares add up to 1. */
const SHARES: Readonly<Partial<Record<Service, number>>> = {
  DATASET_READS: 0.01,
  DATASET_WRITES: 0.06,
  KEY_VALUE_STORE_READS: 0.01,
  KEY_VALUE_STORE_WRITES: 0.03,
  KEY_VALUE_STORE_LISTS: 0.01,
  REQUEST_QUEUE_READS: 0.03,
  REQUEST_QUEUE_WRITES: 0.05,
  DATA_TRANSFER_INTERNAL_GBYTES: 0.02,
  DATA_TRANSFER_EXTERNAL_GBYTES: 0.08,
  PROXY_RESIDENTIAL_TRANSFER_GBYTES: 0.65,
  PROXY_SERPS: 0.05,
};

type Service = keyof typeof PRICES;
const SERVICES = Object.keys(PRICES) as Service[];

/**
 * `usage` (quantities) and `usageUsd` (dollars, which add up to the total) for a run whose cost is known at `atMs`. Of an
 * Actor that is paid by its events there is no `usageUsd`: whoever runs it does not pay for what it uses.
 */
export function usageBreakdown(run: Run, atMs: number): { usage: object; usageUsd?: object } | undefined {
  const total = reportedUsd(run, atMs);
  if (total === undefined) return undefined;
  const accounted = accountedUntil(run, atMs);
  const work = workUsd(run, accounted);
  // Of what work alone made, to the last digit: while the run idles nothing but compute may move.
  const beyond = work - Math.min(work, workingUnits(run, accounted) * PRICES.ACTOR_COMPUTE_UNITS);
  const isPaidByEvent = run.actor.chargesFor !== undefined;
  const compute = isPaidByEvent
    ? computeUnits(run, accounted) * PRICES.ACTOR_COMPUTE_UNITS
    : Math.max(0, total - beyond);
  const usage: Partial<Record<Service, number>> = {};
  const usageUsd: Partial<Record<Service, number>> = {};
  for (const service of SERVICES) {
    const usd = service === "ACTOR_COMPUTE_UNITS" ? compute : beyond * (SHARES[service] ?? 0);
    const isCounted = !service.endsWith("_GBYTES") && !service.endsWith("_UNITS");
    usage[service] = isCounted ? Math.round(usd / PRICES[service]) : usd / PRICES[service];
    usageUsd[service] = usd;
  }
  return isPaidByEvent ? { usage } : { usage, usageUsd };
}
