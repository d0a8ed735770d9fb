import { known, type Measurement, unknown } from "../limits/limit.ts";
import type { Quantity } from "../policy.ts";
import { toUsd } from "../values/money.ts";
import { HOUR_MS } from "../values/slots.ts";
import type { LiveSpend } from "./ledger-view.ts";
import { elapsedIn, type Window } from "./windows.ts";

/** Less of a window than this says nothing about the rest of it: a quarter of an hour, and a twentieth of the window. */
const LEAST_ELAPSED_MS = 15 * 60_000;
const LEAST_SHARE = 1 / 20;

const leastElapsedMs = ({ from, to }: Window): number =>
  Math.max(LEAST_ELAPSED_MS, (to.getTime() - from.getTime()) * LEAST_SHARE);

/** What a live run has spent in the window, by an even spread over its time. */
function spentBy({ startedAt, usageTotalMicroUsd = 0 }: LiveSpend, { from }: Window, now: Date): number {
  const ageMs = now.getTime() - startedAt.getTime();
  if (startedAt >= from || ageMs <= 0) return usageTotalMicroUsd;
  return usageTotalMicroUsd * ((now.getTime() - from.getTime()) / ageMs);
}

const measuredOf = (live: readonly LiveSpend[]): readonly LiveSpend[] =>
  live.filter(({ measuredBurnMicroUsdPerHour: burn }) => Number.isFinite(burn));

/** What live runs burn together, of those whose rate is measured. */
export const burnOf = (live: readonly LiveSpend[]): number =>
  measuredOf(live).reduce((sum, { measuredBurnMicroUsdPerHour = 0 }) => sum + measuredBurnMicroUsdPerHour, 0);

/**
 * What a group will have of its budget's quantity by the end of the window: the runs that are live go on at their own burn
 * rates, and what has ended is followed by its like, at the window's average:
 *
 *     projected = spent + (rest of the window) × (burn of the live + average of the others)
 *
 * A live run whose rate is not measured yet counts among the others. Of counts no run goes on by itself: all is by the average.
 * Unknown in a window's first quarter of an hour, and in its first twentieth.
 */
export function projected(
  of: Quantity,
  { spent, live }: { readonly spent: number; readonly live: readonly LiveSpend[] },
  window: Window,
  now: Date,
): Measurement {
  const elapsedMs = elapsedIn(window, now);
  if (elapsedMs < leastElapsedMs(window)) return unknown("its window has only just begun", true);
  const measured = of === "usd" ? measuredOf(live) : [];
  const liveBurn = burnOf(measured);
  const byThem = measured.reduce((sum, each) => sum + spentBy(each, window, now), 0);
  const othersBurn = (Math.max(0, spent - byThem) * HOUR_MS) / elapsedMs;
  const restHours = (window.to.getTime() - now.getTime()) / HOUR_MS;
  const perHour = liveBurn + othersBurn;
  return known(
    Math.round(spent + restHours * perHour),
    of === "usd"
      ? { spentUsd: toUsd(spent), usdPerHour: toUsd(Math.round(perHour)) }
      : { counted: spent, perHour: Math.round(perHour * 10) / 10 },
  );
}
