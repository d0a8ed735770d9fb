/** When a rule or a step applies, as it is written. */
export type ScheduleText = {
  readonly days?: readonly string[];
  /** Such as `22:00-06:00`; a span over midnight belongs to the day on which it opens. */
  readonly hours?: readonly string[];
  readonly timeZone?: string;
};

/** From one instant to a later one, both included. */
export type Span = { readonly fromMs: number; readonly toMs: number };

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const calendars = new Map<string, Intl.DateTimeFormat>();

/** What a calendar and a clock on a wall there show, as if they were UTC's: `2026-09-01 10:00`, in minutes. */
function localMinute(timeZone: string, atMs: number): number {
  const known = calendars.get(timeZone);
  const calendar =
    known ?? new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  calendars.set(timeZone, calendar);
  return Date.parse(`${calendar.format(atMs).replace(" ", "T")}:00Z`) / MINUTE_MS;
}

const minuteOf = (clock = ""): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

function namesDay(days: readonly string[] | undefined, day: number): boolean {
  return (days ?? ["sun-sat"]).some((text) => {
    const [from = 0, to = from] = text.split("-").map((name) => DAYS.indexOf(name));
    return from <= to ? day >= from && day <= to : day >= from || day <= to;
  });
}

/** Asks of today's windows and of yesterday's, which may still be open. */
function isOpenAt({ days, hours = ["00:00-24:00"], timeZone }: ScheduleText, zone: string, atMs: number) {
  const local = localMinute(timeZone ?? zone, atMs);
  return [0, 1].some((daysAgo) => {
    const midnight = Math.floor(local / DAY_MINUTES) * DAY_MINUTES - daysAgo * DAY_MINUTES;
    if (!namesDay(days, new Date(midnight * MINUTE_MS).getUTCDay())) return false;
    return hours.some((text) => {
      const [from = 0, to = 0] = text.split("-").map(minuteOf);
      const closes = to > from ? to : to + DAY_MINUTES;
      return local >= midnight + from && local < midnight + closes;
    });
  });
}

/** The first instant of the span, and each at which a clock on a wall goes on to another minute. */
function* momentsOf({ fromMs, toMs }: Span): Generator<number> {
  yield fromMs;
  for (let atMs = (Math.floor(fromMs / MINUTE_MS) + 1) * MINUTE_MS; atMs <= toMs; atMs += MINUTE_MS)
    yield atMs;
}

/**
 * Are all of them open at once: at some moment of the span or, when it must be `throughout`, at every one? What has no
 * schedule is always open.
 */
export function isOpenIn(
  schedules: readonly (ScheduleText | undefined)[],
  zone: string,
  span: Span,
  throughout: boolean,
): boolean {
  const given = schedules.filter((each) => each !== undefined);
  if (given.length === 0) return true;
  const moments = [...momentsOf(span)].map((atMs) => given.every((each) => isOpenAt(each, zone, atMs)));
  return throughout ? moments.every(Boolean) : moments.some(Boolean);
}
