import type { Cron } from "./cron.ts";

const SECOND = 1_000;
const DAY = 86_400_000;
/** The 29th of February comes back within eight years. */
const MOST_DAYS = 366 * 8;

/** Tells what a zone's clocks show at an instant, as if it were UTC, in ms. */
export type Zone = (atMs: number) => number;

/** An IANA time zone; undefined where there is none of this name. */
export function zoneOf(timezone: string): Zone | undefined {
  if (timezone === "UTC") return (atMs) => atMs;
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: timezone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    return (atMs) => {
      const part = Object.fromEntries(
        format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]),
      );
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
      return Date.UTC(year, month - 1, day, hour, minute, second);
    };
  } catch {
    return undefined;
  }
}

/**
 * The first instant after `afterMs`, a full second, at which the zone's clocks show a time of the expression; undefined
 * where there is none in eight years. Where clocks change, a time that the day lacks is left out, and one that it has
 * twice counts twice: Apify says that daylight saving time is supported, not how.
 */
export function nextTime(cron: Cron, zone: Zone, afterMs: number): number | undefined {
  let fromMs = Math.floor(afterMs / SECOND) * SECOND;
  let shown = zone(fromMs);
  for (;;) {
    const wanted = nextShown(cron, shown);
    if (wanted === undefined) return undefined;
    const atMs = fromMs + wanted - shown;
    if (zone(atMs) === wanted) return atMs;
    // The clocks change on the way: go on from there, the first second after the change included.
    const changeMs = changeBetween(zone, fromMs, atMs);
    fromMs = changeMs;
    shown = zone(changeMs);
    if (isTimeOf(cron, shown)) return changeMs;
  }
}

/** The first full second from which the zone's distance from UTC is another than it was at `fromMs`. */
function changeBetween(zone: Zone, fromMs: number, untilMs: number): number {
  const ahead = zone(fromMs) - fromMs;
  let [before, after] = [fromMs / SECOND, untilMs / SECOND];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (zone(middle * SECOND) - middle * SECOND === ahead) before = middle;
    else after = middle;
  }
  return after * SECOND;
}

/** The first time of the expression after `shown`, by the calendar alone. */
function nextShown(cron: Cron, shown: number): number | undefined {
  const first = shown + SECOND;
  const midnight = Math.floor(first / DAY) * DAY;
  for (let day = 0; day < MOST_DAYS; day++) {
    const date = new Date(midnight + day * DAY);
    if (!isDayOf(cron, date)) continue;
    const time = firstOfDay(cron, day === 0 ? first - midnight : 0);
    if (time !== undefined) return date.getTime() + time;
  }
  return undefined;
}

function isDayOf({ days, months, weekdays, eitherDay }: Cron, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const [byDay, byWeekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
  return eitherDay ? byDay || byWeekday : byDay && byWeekday;
}

/** The first time of a day at or after `fromMs`, in ms since its midnight. */
function firstOfDay({ hours, minutes, seconds }: Cron, fromMs: number): number | undefined {
  const from = fromMs / SECOND;
  for (const hour of [...hours].sort(ascending)) {
    if (hour * 3_600 + 3_599 < from) continue;
    for (const minute of [...minutes].sort(ascending)) {
      if (hour * 3_600 + minute * 60 + 59 < from) continue;
      for (const second of [...seconds].sort(ascending)) {
        const time = hour * 3_600 + minute * 60 + second;
        if (time >= from) return time * SECOND;
      }
    }
  }
  return undefined;
}

const ascending = (one: number, other: number) => one - other;

function isTimeOf(cron: Cron, shown: number): boolean {
  const date = new Date(shown);
  return (
    isDayOf(cron, date) &&
    cron.hours.has(date.getUTCHours()) &&
    cron.minutes.has(date.getUTCMinutes()) &&
    cron.seconds.has(date.getUTCSeconds())
  );
}
