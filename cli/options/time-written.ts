import {
  calendarDay,
  DAY_MS,
  monthOf,
  parseDurationSecs,
  parseInstant,
  startOfDay,
  weekdayOf,
  weekOf,
} from "../../src/policy/index.ts";

/** Does a span count back from now or on from it, and is `friday` the last one or the next? */
export type Way = "back" | "on";

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** What may be written, for messages. */
export const TIMES_WRITTEN: Readonly<Record<Way, string>> = {
  back: "a span (7d), a day (2026-11-25, yesterday, monday, last month), or a time with its zone (2026-11-25T18:00Z)",
  on: "a span (2h), a day (2026-11-25, tomorrow, friday, next week), or a time with its zone (2026-11-25T18:00Z)",
};

/** A time that needs no calendar: `7d`, or an instant with its zone. */
export function instantWritten(text: string, way: Way, now: Date): Date | undefined {
  const secs = parseDurationSecs(text);
  if (secs !== undefined && secs > 0) return new Date(now.getTime() + (way === "on" ? secs : -secs) * 1000);
  return /^\d{4}-\d\d-\d\d$/.test(text) ? undefined : parseInstant(text);
}

/**
 * The beginning of a day, of a week (Monday) or of a month in a time zone, rounded up to a full UTC hour, as spend is kept:
 *
 *     2026-11-25    today, yesterday, tomorrow    last | this | next week | month
 *     friday        the last one, today included, or the next one, today not included
 */
export function dayWritten(text: string, way: Way, now: Date, timeZone: string): Date | undefined {
  const day = dayNamed(text.trim().toLowerCase(), way, calendarDay(timeZone, now.getTime()));
  return day === undefined ? undefined : new Date(startOfDay(timeZone, day));
}

function dayNamed(words: string, way: Way, today: number): number | undefined {
  const weekday = WEEKDAYS.findIndex((name) => words === name || words === name.slice(0, 3));
  if (weekday >= 0) {
    const ahead = (weekday - weekdayOf(today) + 7) % 7;
    if (way === "on") return today + (ahead || 7);
    return today + (ahead && ahead - 7);
  }
  const [thisWeek, nextWeek] = weekOf(today);
  const [thisMonth, nextMonth] = monthOf(today);
  const named: Readonly<Record<string, number>> = {
    today,
    yesterday: today - 1,
    tomorrow: today + 1,
    "last week": thisWeek - 7,
    "this week": thisWeek,
    "next week": nextWeek,
    "last month": monthOf(thisMonth - 1)[0],
    "this month": thisMonth,
    "next month": nextMonth,
  };
  return Object.hasOwn(named, words) ? named[words] : dayOfDate(words);
}

/** A date that is on the calendar. */
function dayOfDate(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const at = new Date(`${text}T00:00:00.000Z`);
  const isReal = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
  return isReal ? at.getTime() / DAY_MS : undefined;
}
