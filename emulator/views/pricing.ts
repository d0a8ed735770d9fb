import type { Run } from "../runs/run.ts";
import { reportedUsd, trueUsd } from "../runs/usage.ts";
import type { Actor } from "../world.ts";
import { timestamp } from "./short-run.ts";

const PRICED_SINCE_MS = Date.UTC(2026, 0, 1);

/** How an Actor charges: per event, or not at all beyond the platform usage. */
export function pricingInfo(actor: Actor) {
  const since = timestamp(PRICED_SINCE_MS);
  const common = { apifyMarginPercentage: 0.2, createdAt: since, startedAt: since };
  if (!actor.chargesFor) return { pricingModel: "FREE", ...common };
  const { event, priceUsd } = actor.chargesFor;
  const described = {
    eventTitle: event,
    eventDescription: `Charged for each ${event}`,
    eventPriceUsd: priceUsd,
  };
  return {
    pricingModel: "PAY_PER_EVENT",
    ...common,
    pricingPerEvent: { actorChargeEvents: { [event]: { ...described, isPrimaryEvent: true } } },
    minimalMaxTotalChargeUsd: 0.5,
  };
}

/** The pricing keys of a run. Events are counted as they happen, accounted as the total trails them. */
export function pricing(run: Run, atMs: number) {
  const charges = run.actor.chargesFor;
  if (!charges) return { pricingInfo: pricingInfo(run.actor) };
  const events = (usd: number) => ({ [charges.event]: Math.floor(usd / charges.priceUsd + 1e-6) });
  return {
    pricingInfo: pricingInfo(run.actor),
    chargedEventCounts: events(trueUsd(run, atMs)),
    accountedChargedEventCounts: events(reportedUsd(run, atMs) ?? 0),
  };
}
