import type { Run, RunDetail } from "../run.ts";
import { figureIn } from "./limit.ts";

/** Three minutes of a gigabyte, which come to a cent or two. What is less may have been rounded away. */
const LEAST_COMPUTE_UNITS = 0.05;
const LEAST_MICRO_USD = 10_000;
/** The monthly credit of Apify's free plan: an Actor's free quota is hardly worth more. */
const FREE_QUOTA_MICRO_USD = 5_000_000;

const sumOf = (amounts: readonly (number | undefined)[]): number =>
  amounts.reduce<number>((sum, each = 0) => sum + (Number.isFinite(each) ? each : 0), 0);

const worthOf = (counts: Readonly<Record<string, number>>, { eventMicroUsd }: RunDetail): number =>
  sumOf(Object.entries(counts).map(([event, count]) => count * (figureIn(eventMicroUsd, event) ?? 0)));

/**
 * Is the detail's cost of 0 at odds with what the same detail tells? It is beside compute or usage that the run's user pays
 * for, and beside events that are accounted for. Charged events that are not may be within a free quota, and count where
 * they are worth more than such quotas are. An Actor of one's own needs no exception: its events are never accounted for,
 * and its compute is its owner's to pay.
 */
export function isZeroDoubtful({ usageTotalMicroUsd, detail }: Run): boolean {
  if (usageTotalMicroUsd !== 0 || detail === undefined) return false;
  const { accountedEvents = {}, billing, events = {}, eventUsageMicroUsd = {}, stats, usage } = detail;
  // DEVELOPER: whoever made the Actor pays for the platform.
  if (billing !== "DEVELOPER") {
    const units = Math.max(stats.computeUnits ?? 0, figureIn(usage, "ACTOR_COMPUTE_UNITS") ?? 0);
    if (units >= LEAST_COMPUTE_UNITS) return true;
    if (sumOf(Object.values(detail.usageMicroUsd ?? {})) >= LEAST_MICRO_USD) return true;
  }
  const accounted = Math.max(worthOf(accountedEvents, detail), sumOf(Object.values(eventUsageMicroUsd)));
  return accounted >= LEAST_MICRO_USD || worthOf(events, detail) >= FREE_QUOTA_MICRO_USD;
}
