import type { ChargedEvent } from "../world/actor.ts";
import { chargedEvents, countOf, priceUsd, worthsOf } from "./events.ts";
import type { Run } from "./run.ts";
import { endOf, turnedAt } from "./timeline.ts";
import { workUsd } from "./usage.ts";

/** With what came at the very instant, or without. */
export type Side = "by" | "before";

/**
 * What a run is billed for: what it uses, or its events. An Actor of the payer's own that charges others has its events
 * counted, and is billed for what it uses, as recorded.
 */
export function billedFor(run: Run): "usage" | "events" | "own usage" {
  if (chargedEvents(run.actor).length === 0) return "usage";
  return run.actor.maker === run.user ? "own usage" : "events";
}

/** What the run's work comes to at its prices, in USD: nothing is added while it is idle. */
export const workBy = (run: Run, atMs: number, side: Side): number =>
  workUsd(run, atMs) - (side === "before" ? burstUsd(run, atMs) : 0);

/** What was charged through the API comes to, in USD. */
export function chargedByCallUsd(run: Run, atMs: number, side: Side): number {
  let usd = 0;
  for (const event of run.charges.length > 0 ? chargedEvents(run.actor) : [])
    usd += calls(run, event, atMs, side) * priceUsd(event);
  return usd;
}

/** How often each event had truly been counted at the instant, whether or not anybody is billed for it. */
export function chargedCounts(run: Run, atMs: number): Readonly<Record<string, number>> {
  return countsBy(run, atMs, () => 0);
}

/** How often each had been accounted for: not an own Actor's, not the free ones, and none beyond the run's cap. */
export function accountedCounts(run: Run, atMs: number): Readonly<Record<string, number>> {
  const untilMs = billedFor(run) === "events" ? Math.min(atMs, stoppedAt(run, atMs) ?? atMs) : -Infinity;
  return countsBy(run, untilMs, ({ free = 0 }) => free);
}

function countsBy(
  run: Run,
  atMs: number,
  free: (event: ChargedEvent) => number,
): Readonly<Record<string, number>> {
  const events = chargedEvents(run.actor);
  const worths = worthsOf(events, workBy(run, atMs, "by"));
  const counts = events.map((each) => {
    const count = countOf(each, worths[each.event] ?? 0) + calls(run, each, atMs, "by");
    return [each.event, Math.max(0, count - free(each))] as const;
  });
  return Object.fromEntries(counts);
}

/** What the run's events are billed by the instant, in USD: without the free ones, and no more than its cap. */
export function billedEventsUsd(run: Run, atMs: number, side: Side): number {
  const usd = chargeableUsd(run, atMs, side);
  const { maxTotalChargeUsd } = run.options;
  return maxTotalChargeUsd === undefined ? usd : Math.min(usd, maxTotalChargeUsd);
}

function chargeableUsd(run: Run, atMs: number, side: Side): number {
  const events = chargedEvents(run.actor);
  const workedUsd = workBy(run, atMs, side);
  if (events.every(({ free }) => free === undefined)) return workedUsd + chargedByCallUsd(run, atMs, side);
  const worths = worthsOf(events, workedUsd);
  return events.reduce((sum, each) => {
    const usd = (worths[each.event] ?? 0) + calls(run, each, atMs, side) * priceUsd(each);
    return sum + Math.max(0, usd - (each.free ?? 0) * priceUsd(each));
  }, 0);
}

/** The millisecond by which the run's cap was reached, looking no further than `untilMs`; undefined when it was not. */
export function stoppedAt(run: Run, untilMs: number): number | undefined {
  const { maxTotalChargeUsd } = run.options;
  if (billedFor(run) !== "events" || maxTotalChargeUsd === undefined) return undefined;
  const isReached = (atMs: number) => chargeableUsd(run, atMs, "by") >= maxTotalChargeUsd - 1e-9;
  if (!isReached(untilMs)) return undefined;
  let [low, high] = [run.startedAtMs, untilMs];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isReached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function calls({ charges }: Run, { event }: ChargedEvent, atMs: number, side: Side): number {
  let count = 0;
  for (const charge of charges) {
    const isIn = side === "by" ? charge.atMs <= atMs : charge.atMs < atMs;
    if (charge.event === event && isIn) count += charge.count;
  }
  return count;
}

/** What bursts of the run's curve came at this very instant. */
function burstUsd(run: Run, atMs: number): number {
  const { bursts } = run.character.cost;
  if (!bursts) return 0;
  let usd = 0;
  for (const life of run.lives) {
    const fromMs = turnedAt(life, "RUNNING") ?? Number.POSITIVE_INFINITY;
    const ranMs = atMs - fromMs;
    const endMs = endOf(life)?.atMs ?? Number.POSITIVE_INFINITY;
    const worksMs = Math.min(endMs - fromMs, run.character.idleAfterMs);
    if (ranMs > 0 && ranMs <= worksMs && ranMs % bursts.everyMs === 0) usd += bursts.usd;
  }
  return usd;
}
