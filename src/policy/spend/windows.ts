import type { Budget } from "../policy.ts";
import { ceilTo, floorTo, HOUR_MS } from "../values/slots.ts";
import { calendarDay, monthOf, startOfDay, weekOf } from "./calendar.ts";

/** A stretch of whole UTC hours: from an hour's beginning to before another's. */
export type Window = { readonly from: Date; readonly to: Date };

/**
 * The window of a budget that an instant is in. Windows follow each other without a gap, each a stretch of whole UTC
 * hours: a local day that begins within one begins, here, with the next. `undefined` for a cycle that is not known.
 */
export function windowAt(
  { per, timeZone }: Pick<Budget, "per" | "timeZone">,
  at: Date,
  cycle: Window | undefined,
): Window | undefined {
  const hour = floorTo(at.getTime(), HOUR_MS);
  if (per === "hour") return { from: new Date(hour), to: new Date(hour + HOUR_MS) };
  if (per === "cycle") {
    const known = cycle && wholeHours(cycle);
    return known && known.from <= at && at < known.to ? known : undefined;
  }
  const day = calendarDay(timeZone, hour);
  const [first, next] = per === "day" ? [day, day + 1] : per === "week" ? weekOf(day) : monthOf(day);
  return { from: new Date(startOfDay(timeZone, first)), to: new Date(startOfDay(timeZone, next)) };
}

/** Apify's cycle ends a millisecond before the next begins. */
const wholeHours = ({ from, to }: Window): Window => ({
  from: new Date(ceilTo(from.getTime(), HOUR_MS)),
  to: new Date(ceilTo(to.getTime(), HOUR_MS)),
});

/** How many ms of a window have passed. */
export const elapsedIn = ({ from, to }: Window, now: Date): number =>
  Math.min(Math.max(0, now.getTime() - from.getTime()), to.getTime() - from.getTime());
