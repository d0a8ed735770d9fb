/** Days of the week, Sunday first, as JavaScript counts them. */
const DAYS: readonly string[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
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

/** Formatters are dear to make, and there are few zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
    });
  formats.set(timeZone, format);
  return format;
}

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

function wallClock(timeZone: string, now: Date): { readonly day: number; readonly minute: number } {
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
export function isOpen({ days, hours, timeZone }: Schedule, now: Date): boolean {
  const { day, minute } = wallClock(timeZone, now);
  const isDay = (which: number): boolean => days === undefined || days.includes(which);
  const yesterday = (day + 6) % 7;
  return (hours ?? [{ from: 0, to: DAY_MINUTES }]).some(({ from, to }) =>
    from < to
      ? isDay(day) && minute >= from && minute < to
      : (isDay(day) && minute >= from) || (isDay(yesterday) && minute < to),
  );
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

/** `mon, tue 22:00-06:00 Europe/Prague`. */
export function formatSchedule({ days, hours, timeZone }: Schedule): string {
  const dayText = days?.map((day) => DAYS[day]).join(", ");
  const hourText = hours?.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(", ");
  return [dayText, hourText, timeZone].filter((part) => part !== undefined).join(" ");
}
