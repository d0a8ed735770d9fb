import type { ActorSpec, ChargedEvent } from "../world/actor.ts";

/** What the pretend account pays, by its plan. */
const TIER = "SILVER";

/** The events that an Actor charges for; none of one whose platform usage is paid. */
export function chargedEvents({ chargesFor }: Pick<ActorSpec, "chargesFor">): readonly ChargedEvent[] {
  if (!chargesFor) return [];
  return "event" in chargesFor ? [chargesFor] : chargesFor;
}

/** What the pretend account pays for one of it, in USD. */
export function priceUsd({ event, priceUsd: price }: ChargedEvent): number {
  const usd = typeof price === "number" ? price : price[TIER];
  if (usd === undefined) throw new Error(`Event ${event} has no price for the tier ${TIER}. Add one.`);
  return usd;
}

/** What each event comes to, in USD, when all of them come to `usd`: those at the start first, the rest by their shares. */
export function worthsOf(events: readonly ChargedEvent[], usd: number): Record<string, number> {
  const worths: Record<string, number> = {};
  let left = usd;
  for (const each of events.filter(({ atStart }) => atStart !== undefined)) {
    const worth = Math.min(each.atStart ?? 0, whole(left / priceUsd(each))) * priceUsd(each);
    worths[each.event] = worth;
    left -= worth;
  }
  const running = events.filter(({ atStart }) => atStart === undefined);
  const shares = running.reduce((sum, { share = 1 }) => sum + share, 0);
  for (const each of running) worths[each.event] = (left * (each.share ?? 1)) / shares;
  return worths;
}

/** How often an event is charged that comes to so much. A part of one does not count yet. */
export const countOf = (event: ChargedEvent, worthUsd: number): number => whole(worthUsd / priceUsd(event));

/** Free of binary dust: what is a whole number but for it is one. */
const whole = (count: number): number => Math.max(0, Math.floor(count + 1e-6));
