import type { History } from "../history.ts";
import type { BudgetText } from "../policy-text.ts";
import type { Span } from "../schedule-text.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const calendars = new Map<string, Intl.DateTimeFormat>();

/** What a calendar on a wall there shows: `2026-09-01`. */
function localDate(timeZone: string, atMs: number): string {
  const calendar =
    calendars.get(timeZone) ?? new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" });
  calendars.set(timeZone, calendar);
  return calendar.format(atMs);
}

/** What all hours of one window have in common. */
function nameOf(per: string, timeZone: string, atMs: number): string {
  const date = localDate(timeZone, atMs);
  if (per === "day") return date;
  if (per === "month") return date.slice(0, "2026-09".length);
  // 1970 began on a Thursday: weeks from Monday on are counted from three days before.
  return `week ${Math.floor((Date.parse(date) / DAY_MS + 3) / 7)}`;
}

/** Whole hours, as every window: one that begins within an hour begins, here, with the next. */
function cycleAt({ day, hour = 0, minute = 0 }: NonNullable<History["cycleStart"]>, atMs: number): Span {
  const at = new Date(atMs);
  const startIn = (month: number): number =>
    Math.ceil(Date.UTC(at.getUTCFullYear(), month, day, hour, minute) / HOUR_MS) * HOUR_MS;
  const month = startIn(at.getUTCMonth()) <= atMs ? at.getUTCMonth() : at.getUTCMonth() - 1;
  return { fromMs: startIn(month), toMs: startIn(month + 1) };
}

const known = new Map<string, Span>();

/**
 * The window of a budget that an instant is in, from its first to before its last millisecond. A local day is made of
 * the full UTC hours that begin on it. `undefined`: nobody told when the usage cycle begins.
 */
export function budgetWindow(
  { per }: BudgetText,
  timeZone: string,
  cycleStart: History["cycleStart"],
  atMs: number,
): Span | undefined {
  const hourMs = Math.floor(atMs / HOUR_MS) * HOUR_MS;
  if (per === "hour") return { fromMs: hourMs, toMs: hourMs + HOUR_MS };
  if (per === "cycle") return cycleStart && cycleAt(cycleStart, atMs);
  const key = `${per} ${timeZone} ${hourMs}`;
  const found = known.get(key);
  if (found) return found;
  const name = nameOf(per, timeZone, hourMs);
  let [fromMs, toMs] = [hourMs, hourMs + HOUR_MS];
  while (nameOf(per, timeZone, fromMs - HOUR_MS) === name) fromMs -= HOUR_MS;
  while (nameOf(per, timeZone, toMs) === name) toMs += HOUR_MS;
  known.set(key, { fromMs, toMs });
  return { fromMs, toMs };
}
