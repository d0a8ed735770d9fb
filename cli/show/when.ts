import { formatDuration } from "../../src/policy/index.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";

/** `5m ago`, `in 2h`. */
export function fromNow(at: Date, now: Date): string {
  const secs = (now.getTime() - at.getTime()) / 1000;
  return secs >= 0 ? `${formatDuration(secs)} ago` : `in ${formatDuration(-secs)}`;
}

/** `until 2026-09-01 18:00 UTC (in 2h)`. */
export const untilText = (until: Date, now: Date): string =>
  `until ${minuteOf(until)} UTC (${fromNow(until, now)})`;

/** The same, or `until resumed`: when a pause ends. */
export const endOfPause = (until: Date | undefined, now: Date): string =>
  until ? untilText(until, now) : "until resumed";
