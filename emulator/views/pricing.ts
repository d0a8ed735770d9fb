import { dusted } from "../ground/accrual.ts";
import { accountedUntil } from "../runs/accounted.ts";
import { correctionOf } from "../runs/accrual.ts";
import { accountedCounts, chargedCounts, stoppedAt } from "../runs/charges.ts";
import { chargedEvents, priceUsd } from "../runs/events.ts";
import { missingIn } from "../runs/figure.ts";
import type { Run } from "../runs/run.ts";
import type { Sight } from "../runs/sight.ts";
import type { ActorSpec, ChargedEvent } from "../world/actor.ts";
import { instantOf, timestamp } from "./timestamp.ts";

const PRICED_SINCE_MS = Date.UTC(2026, 0, 1);

/** How an Actor charges: per event, or not at all beyond the platform usage. */
export function pricingInfo(actor: Pick<ActorSpec, "chargesFor">) {
  const since = timestamp(PRICED_SINCE_MS);
  const common = { apifyMarginPercentage: 0.2, createdAt: since, startedAt: since };
  const events = chargedEvents(actor);
  if (events.length === 0) return { pricingModel: "FREE", ...common };
  const primary = events.find(({ atStart }) => atStart === undefined) ?? events[0];
  const described = events.map((each) => [each.event, eventView(each, each === primary)] as const);
  return {
    pricingModel: "PAY_PER_EVENT",
    ...common,
    pricingPerEvent: { actorChargeEvents: Object.fromEntries(described) },
    minimalMaxTotalChargeUsd: 0.5,
  };
}

/** An event with one price, or with one for each tier: as documented, never with both. */
function eventView({ event, priceUsd, atStart }: ChargedEvent, isPrimaryEvent: boolean) {
  const tiers = Object.entries(typeof priceUsd === "number" ? {} : priceUsd);
  return {
    eventTitle: event,
    eventDescription: `Charged for each ${event}`,
    ...(typeof priceUsd === "number"
      ? { eventPriceUsd: priceUsd }
      : {
          eventTieredPricingUsd: Object.fromEntries(
            tiers.map(([tier, usd]) => [tier, { tieredEventPriceUsd: usd }]),
          ),
        }),
    isPrimaryEvent,
    ...(atStart === undefined ? {} : { isOneTimeEvent: atStart === 1 }),
  };
}

/**
 * The pricing keys of a run; none where somebody runs an Actor of his own that charges for nothing. Events are counted as
 * they happen, and accounted for as the figure trails them.
 */
export function pricing(run: Run, sight: Sight) {
  const info = pricingInfo(run.actor);
  if (!run.actor.chargesFor) return run.actor.maker === run.user ? {} : { pricingInfo: info };
  const accountedMs = accountedIn(run, sight);
  const accounted = accountedCounts(run, accountedMs);
  const stoppedMs = stoppedAt(run, sight.costMs);
  return {
    pricingInfo: info,
    chargedEventCounts: chargedCounts(run, sight.costMs),
    accountedChargedEventCounts: accounted,
    ...(run.character.tellsEventUsage ? { eventUsage: eventUsage(run, accounted, sight) } : {}),
    ...(stoppedMs === undefined ? {} : { chargingStoppedAt: instantOf(run, stoppedMs) }),
  };
}

/** Accounted events follow the figure: up to the same instant, and none while it is shown as 0. */
const accountedIn = (run: Run, sight: Sight): number =>
  missingIn(run, sight) === "zero" ? Number.NEGATIVE_INFINITY : accountedUntil(run, sight.costMs);

/** What each event comes to that is accounted for. */
function eventUsage(run: Run, accounted: Readonly<Record<string, number>>, sight: Sight) {
  const price = correctionOf(run, accountedUntil(run, sight.costMs), sight.costMs);
  const events = chargedEvents(run.actor).map((each) => {
    const eventTotalUsd = dusted((accounted[each.event] ?? 0) * priceUsd(each) * price);
    return [each.event, { eventTitle: each.event, eventTotalUsd }] as const;
  });
  return Object.fromEntries(events);
}
