import type { Observation } from "../observation.ts";
import type { RunDetail } from "../run.ts";
import type { MicroUsd } from "../values/money.ts";
import { figureIn } from "./limit.ts";

/**
 * What the events of a pay-per-event run come to, at most what can be billed for them. Counts are no bill: an Actor's own
 * developer is not charged, free quotas are not, and beyond `maxTotalChargeUsd` events go on being counted and are never
 * charged. So of each event, the first that Apify tells of
 *
 *     eventUsage.<event>.eventTotalUsd  >  accountedChargedEventCounts × price  >  chargedEventCounts × price
 *
 * counts, at the cheapest price, and all of them never come to more than the cap.
 */
export type EventEstimate = {
  readonly microUsd: MicroUsd;
  /** Why it may be more than what will be billed, if so. */
  readonly doubt?: string;
};

function costOf(event: string, detail: RunDetail): number {
  const { events, accountedEvents, eventUsageMicroUsd, eventMicroUsd } = detail;
  const billed = figureIn(eventUsageMicroUsd, event);
  if (billed !== undefined) return billed;
  const count = figureIn(accountedEvents ?? events, event) ?? 0;
  return count * (figureIn(eventMicroUsd, event) ?? 0);
}

function sumOf(detail: RunDetail): MicroUsd | undefined {
  const { events = {}, accountedEvents = {}, eventUsageMicroUsd = {} } = detail;
  const names = new Set([events, accountedEvents, eventUsageMicroUsd].flatMap(Object.keys));
  const costs = [...names].map((event) => costOf(event, detail));
  // What can't be right of one event says nothing against the others.
  const sound = costs.filter((cost) => Number.isFinite(cost) && cost > 0);
  const sum = Math.floor(sound.reduce((total, cost) => total + cost, 0));
  return Number.isSafeInteger(sum) && sum > 0 ? sum : undefined;
}

function doubtOf({ run: { detail, settings }, ownActor }: Observation): string | undefined {
  if (ownActor === undefined)
    return "whether the Actor is your own, and its events billed to you, is not known";
  if (detail?.chargingStoppedAt && settings?.maxTotalChargeMicroUsd === undefined)
    return "charging has stopped at a cap that Apify does not report";
  return undefined;
}

/** `undefined`: there are no events to estimate by, or they are not billed. */
export function estimateOf(observation: Observation): EventEstimate | undefined {
  const { run, ownActor } = observation;
  const sum = run.detail && ownActor !== true ? sumOf(run.detail) : undefined;
  if (sum === undefined) return undefined;
  const cap = run.settings?.maxTotalChargeMicroUsd;
  const doubt = doubtOf(observation);
  return {
    microUsd: Number.isFinite(cap) ? Math.min(sum, Number(cap)) : sum,
    ...(doubt !== undefined && { doubt }),
  };
}
