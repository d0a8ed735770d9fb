import type { Budget } from "../policy.ts";
import { ceilTo, DAY_MS, floorTo, HOUR_MS } from "../values/slots.ts";
import { zoneFormats } from "../values/zone-formats.ts";

/** A stretch of whole UTC hours: from an hour's beginning to before another's. */
export type Window = { readonly from: Date; readonly to: Date };

/** Days since 1970, on the calendar that hangs on some wall. */
type CalendarDay = number;

const formatOf = zoneFormats({ year: "numeric", month: "2-digit", day: "2-digit", era: "short" });

/** Which day it is there. */
function calendarDay(timeZone: string, ms: number): CalendarDay {
  const parts = formatOf(timeZone).formatToParts(ms);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day")) / DAY_MS;
}

/** No place on earth is further than this ahead of UTC. */
const FURTHEST_AHEAD_MS = 16 * HOUR_MS;

/** The same days are asked for at every tick. */
const starts = new Map<string, number>();

/**
 * The first full UTC hour of a local day. Looked for hour by hour, so that days of 23 and 25 hours, midnights that do
 * not exist and zones half an hour off need no rules of their own:
 *
 *     Asia/Kolkata    day begins 18:30Z    first full UTC hour 19:00Z
 */
function startOfDay(timeZone: string, day: CalendarDay): number {
  const key = `${timeZone}/${day}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  let at = day * DAY_MS - FURTHEST_AHEAD_MS;
  while (calendarDay(timeZone, at) < day) at += HOUR_MS;
  if (starts.size > 1_000) starts.clear();
  starts.set(key, at);
  return at;
}

const MONDAY = 4;

/** The first days of the week that a day is in, and of the next. 1970 began on a Thursday. */
function weekOf(day: CalendarDay): readonly [CalendarDay, CalendarDay] {
  const first = day - ((((day - MONDAY) % 7) + 7) % 7);
  return [first, first + 7];
}

function monthOf(day: CalendarDay): readonly [CalendarDay, CalendarDay] {
  const date = new Date(day * DAY_MS);
  const firstOf = (month: number): CalendarDay => Date.UTC(date.getUTCFullYear(), month, 1) / DAY_MS;
  return [firstOf(date.getUTCMonth()), firstOf(date.getUTCMonth() + 1)];
}

/**
 * The window of a budget that an instant is in. Windows follow each other without a gap, each a stretch of whole UTC
 * hours: a local day that begins within one begins, here, with the next. `undefined` for a cycle that is not known.
 */
export function windowAt({ per, timeZone }: Budget, at: Date, cycle: Window | undefined): Window | undefined {
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
