import { zoneFormats } from "./zone-formats.ts";

/** Days of the week, Sunday first, as JavaScript counts them. */
export const DAYS: readonly string[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DAY_MINUTES = 24 * 60;

/** From a minute of the day to before another; into the next day when `to` is the smaller. */
export type Hours = { readonly from: number; readonly to: number };

/** When something applies, by the clock on the wall there. A window belongs to the day on which it opens. */
export type Schedule = {
  /** Days of the week, 0 is Sunday. Absent: every day. */
  readonly days?: readonly number[];
  /** Absent: all day. */
  readonly hours?: readonly Hours[];
  /** As IANA names it. */
  readonly timeZone: string;
};

const formatOf = zoneFormats({ hourCycle: "h23", weekday: "short", hour: "2-digit", minute: "2-digit" });

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

type WallClock = { readonly day: number; readonly minute: number };

/** The same question is asked for every run and rule of a tick, and the answer holds for a minute. */
const asked = new Map<string, { readonly at: number; readonly clock: WallClock }>();
const MINUTE_MS = 60_000;

function wallClock(timeZone: string, now: Date): WallClock {
  const at = Math.floor(now.getTime() / MINUTE_MS);
  const known = asked.get(timeZone);
  if (known?.at === at) return known.clock;
  const clock = readClock(timeZone, now);
  asked.set(timeZone, { at, clock });
  return clock;
}

function readClock(timeZone: string, now: Date): WallClock {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  const day = DAYS.indexOf(parts.get("weekday")?.toLowerCase() ?? "");
  return { day, minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")) };
}

/**
 * Is the window open now?
 *
 *     days [fri], hours 22:00-06:00      Fri 22:00 |======== open ========| Sat 06:00
 */
export function isOpen(schedule: Schedule, now: Date): boolean {
  const { day, minute } = wallClock(schedule.timeZone, now);
  return isOpenAt(schedule, day, minute);
}

function isOpenAt({ days, hours }: Schedule, day: number, minute: number): boolean {
  const isDay = (which: number): boolean => days === undefined || days.includes(which);
  const yesterday = (day + 6) % 7;
  return (hours ?? [{ from: 0, to: DAY_MINUTES }]).some(({ from, to }) =>
    from < to
      ? isDay(day) && minute >= from && minute < to
      : (isDay(day) && minute >= from) || (isDay(yesterday) && minute < to),
  );
}

/** Can both be open at once? Of two time zones nobody can tell for good: then it is taken that they can. */
export function canMeet(one: Schedule, other: Schedule): boolean {
  if (one.timeZone !== other.timeZone) return true;
  for (let at = 0; at < 7 * DAY_MINUTES; at++) {
    const [day, minute] = [Math.floor(at / DAY_MINUTES), at % DAY_MINUTES];
    if (isOpenAt(one, day, minute) && isOpenAt(other, day, minute)) return true;
  }
  return false;
}

/** `mon-fri` or `sat` as days of the week; `undefined` when it is neither. A range may go over the weekend. */
export function parseDays(raw: unknown): readonly number[] | undefined {
  if (typeof raw !== "string") return undefined;
  const [from, to = from, ...more] = raw
    .trim()
    .toLowerCase()
    .split("-")
    .map((name) => DAYS.indexOf(name));
  if (from === undefined || to === undefined || from < 0 || to < 0 || more.length > 0) return undefined;
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, i) => (from + i) % 7);
}

const CLOCK = /^(\d\d):(\d\d)$/;

function parseMinute(text: string | undefined): number | undefined {
  const [, hour, minute] = CLOCK.exec(text ?? "") ?? [];
  const at = Number(hour) * 60 + Number(minute);
  return at <= DAY_MINUTES && Number(minute) < 60 ? at : undefined;
}

/** `22:00-06:00`; `undefined` when it is no such span or an empty one. */
export function parseHours(raw: unknown): Hours | undefined {
  if (typeof raw !== "string") return undefined;
  const [from, to, ...more] = raw.split("-").map((each) => parseMinute(each.trim()));
  if (from === undefined || to === undefined || more.length > 0) return undefined;
  return from === to || from === DAY_MINUTES ? undefined : { from, to };
}

const clock = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");

/** `mon-fri, sun`: three days in a row or more become a span. */
function formatDays(days: readonly number[]): string {
  const rows: number[][] = [];
  for (const day of days) {
    const row = rows.at(-1);
    if (row && day === ((row.at(-1) ?? 0) + 1) % 7) row.push(day);
    else rows.push([day]);
  }
  const name = (day: number | undefined): string => DAYS[day ?? 0] ?? "";
  return rows
    .flatMap((row) => (row.length > 2 ? `${name(row[0])}-${name(row.at(-1))}` : row.map(name)))
    .join(", ");
}

/** `mon-fri 22:00-06:00 Europe/Prague`. */
export function formatSchedule({ days, hours, timeZone }: Schedule): string {
  const dayText = days && formatDays(days);
  const hourText = hours?.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(", ");
  return [dayText, hourText, timeZone].filter((part) => part !== undefined).join(" ");
}
