import { HOUR_MS, parseDurationSecs, type Window, windowAt } from "../../src/policy/index.ts";
import type { Args } from "./args.ts";
import { UsageError } from "./usage-error.ts";

/** The beginning of a local day, `2026-11-25`, or so long ago, `7d`, in whole UTC hours. */
export function instantFrom(text: string, name: string, timeZone: string, now: Date): Date {
  const secs = parseDurationSecs(text);
  if (secs !== undefined && secs > 0)
    return new Date(Math.floor((now.getTime() - secs * 1000) / HOUR_MS) * HOUR_MS);
  const noon = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T12:00:00.000Z`) : new Date(Number.NaN);
  const isDate = !Number.isNaN(noon.getTime()) && noon.toISOString().startsWith(text);
  const day = isDate && windowAt({ microUsd: 0, per: "day", each: "account", timeZone }, noon, undefined);
  if (day) return day.from;
  throw new UsageError(
    `--${name}: got "${text}", wanted a date such as 2026-11-25, or a time ago such as 7d or 12h.`,
  );
}

/** The span that `--since` and `--until` name; without them the month that is now, up to the end of this hour. */
export function spanFrom(args: Args, timeZone: string, now: Date): Window {
  const thisHour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS + HOUR_MS);
  const [since, until] = [args.text("since"), args.text("until")];
  const month = windowAt({ microUsd: 0, per: "month", each: "account", timeZone }, now, undefined);
  const from = since === undefined ? (month?.from ?? thisHour) : instantFrom(since, "since", timeZone, now);
  const to = until === undefined ? thisHour : instantFrom(until, "until", timeZone, now);
  if (from < to) return { from, to: to < thisHour ? to : thisHour };
  throw new UsageError(`--since (${from.toISOString()}) is not before --until (${to.toISOString()}).`);
}

export const SPAN_OPTIONS = {
  since: {
    value: "WHEN",
    about: "From a date such as 2026-11-01, or for so long as 7d (default: this month)",
  },
  until: { value: "WHEN", about: "Up to the beginning of a date, or to so long ago (default: now)" },
} as const;
