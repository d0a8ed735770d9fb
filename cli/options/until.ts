import { formatDuration, parseDurationSecs, parseInstant } from "../../src/policy/index.ts";
import { UsageError } from "./usage-error.ts";

/**
 * `2h` from now, a time with its zone such as 2026-11-24T18:00Z, or a day such as 2026-11-24, which is its beginning in UTC;
 * at most so long from now.
 */
export function untilOf(text: string, now: Date, mostMs = Number.POSITIVE_INFINITY): Date {
  const secs = parseDurationSecs(text);
  const at = secs === undefined ? parseInstant(text) : new Date(now.getTime() + secs * 1000);
  if (at === undefined || Number.isNaN(at.getTime())) {
    throw new UsageError(
      `--until: got "${text}", wanted a span such as 2h or a time: a day such as 2026-11-24, or with its zone such as ` +
        "2026-11-24T18:00Z.",
    );
  }
  if (at <= now)
    throw new UsageError(`--until: ${at.toISOString()} is not in the future; it is ${now.toISOString()}.`);
  if (at.getTime() - now.getTime() <= mostMs) return at;
  throw new UsageError(
    `--until: ${at.toISOString()} is ${formatDuration((at.getTime() - now.getTime()) / 1000)} from now; it may be ` +
      `${formatDuration(mostMs / 1000)} at most.`,
  );
}
