import { DAY_MS, HOUR_MS } from "../values/slots.ts";
import { zoneFormats } from "../values/zone-formats.ts";

/** Days since 1970, on the calendar that hangs on some wall. */
export type CalendarDay = number;

const formatOf = zoneFormats({ year: "numeric", month: "2-digit", day: "2-digit", era: "short" });

/** Which day it is there. */
export function calendarDay(timeZone: string, ms: number): CalendarDay {
  const parts = formatOf(timeZone).formatToParts(ms);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day")) / DAY_MS;
}

/** No place on earth is further than this ahead of UTC. */
const FURTHEST_AHEAD_MS = 16 * HOUR_MS;

/** The same days are asked for at every tick. */
const starts = new Map<string, number>();

/**
 * The first full UTC hour of a local day, in ms. Looked for hour by hour, so that days of 23 and 25 hours, midnights that
 * do not exist and zones half an hour off need no rules of their own:
 *
 *     Asia/Kolkata    day begins 18:30Z    first full UTC hour 19:00Z
 */
export function startOfDay(timeZone: string, day: CalendarDay): number {
  const key = `${timeZone}/${day}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  let at = day * DAY_MS - FURTHEST_AHEAD_MS;
  while (calendarDay(timeZone, at) < day) at += HOUR_MS;
  if (starts.size > 1_000) starts.clear();
  starts.set(key, at);
  return at;
}

/** 1970 began on a Thursday. */
const MONDAY = 4;

/** How many days after Monday. */
export const weekdayOf = (day: CalendarDay): number => (((day - MONDAY) % 7) + 7) % 7;

/** The first days of the week that a day is in, and of the next. */
export function weekOf(day: CalendarDay): readonly [CalendarDay, CalendarDay] {
  const first = day - weekdayOf(day);
  return [first, first + 7];
}

/** The first days of the month that a day is in, and of the next. */
export function monthOf(day: CalendarDay): readonly [CalendarDay, CalendarDay] {
  const date = new Date(day * DAY_MS);
  const firstOf = (month: number): CalendarDay => Date.UTC(date.getUTCFullYear(), month, 1) / DAY_MS;
  return [firstOf(date.getUTCMonth()), firstOf(date.getUTCMonth() + 1)];
}
