import { formatDuration, parseDurationSecs } from "../../src/policy/index.ts";
import { UsageError } from "./usage-error.ts";

/** `2h` from now, or a time such as 2026-11-24T18:00Z; at most so long from now. */
export function untilOf(text: string, now: Date, mostMs = Number.POSITIVE_INFINITY): Date {
  const secs = parseDurationSecs(text);
  const isTime = /^\d{4}-\d\d-\d\d/.test(text);
  const at =
    secs === undefined ? new Date(isTime ? text : Number.NaN) : new Date(now.getTime() + secs * 1000);
  if (Number.isNaN(at.getTime())) {
    throw new UsageError(
      `--until: got "${text}", wanted a span such as 2h or a time such as 2026-11-24T18:00Z.`,
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
