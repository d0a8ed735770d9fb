import { ClockError } from "../../../watchdog/model/errors.ts";
import type { TransportAnswer } from "./transport.ts";

/** An HTTP date as servers must write it (RFC 9110, IMF-fixdate): in GMT and whole seconds. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

const TOLERANCE_MS = 30_000;
/** What the whole seconds of an HTTP date leave out at most. */
const LEFT_OUT_MS = 999;

/** Apify's time when it answered. `undefined` where it is not told, or the answer was kept somewhere on the way. */
export function dateOf({ date = "", age }: TransportAnswer["headers"]): Date | undefined {
  if (age !== undefined || !HTTP_DATE.test(date)) return undefined;
  const told = new Date(date);
  return Number.isNaN(told.getTime()) ? undefined : told;
}

/**
 * Does this machine's clock agree with Apify's? The answer was made between `sentAt` and `receivedAt`, within the second
 * that `date` names.
 *
 *     ours     ------|sentAt ========== receivedAt|------
 *     Apify's  --[ more than 30 s behind | agrees | more than 30 s ahead ]--
 */
export function clockErrorOf(
  date: Date,
  what: string,
  { sentAt, receivedAt }: { readonly sentAt: Date; readonly receivedAt: Date },
): ClockError | undefined {
  const aheadMs = sentAt.getTime() - date.getTime();
  const behindMs = date.getTime() - receivedAt.getTime();
  if (aheadMs > TOLERANCE_MS + LEFT_OUT_MS) return ClockError.ofAnswer({ aheadMs, date, ours: sentAt, what });
  if (behindMs > TOLERANCE_MS)
    return ClockError.ofAnswer({ aheadMs: -behindMs, date, ours: receivedAt, what });
  return undefined;
}

/** Have our two clocks gone differently far since an instant? Then one was set or stood still, and neither can be trusted. */
export function partedSince(then: Instant, now: Instant): ClockError | undefined {
  const aheadMs = now.wallMs - then.wallMs - (now.monotonicMs - then.monotonicMs);
  return Math.abs(aheadMs) > TOLERANCE_MS ? ClockError.ofSetClock(aheadMs) : undefined;
}

/** One instant by both of this machine's clocks. */
export type Instant = { readonly wallMs: number; readonly monotonicMs: number };

/**
 * How far Apify's clock is ahead of ours at least, and below 0 how far it is behind: 0 wherever the second that `date`
 * names and the time on the way leave open that they agree.
 */
export function offsetOf(
  date: Date,
  { sentAt, receivedAt }: { readonly sentAt: Date; readonly receivedAt: Date },
): number {
  const aheadMs = date.getTime() - receivedAt.getTime();
  const behindMs = sentAt.getTime() - date.getTime() - LEFT_OUT_MS;
  return aheadMs > 0 ? aheadMs : behindMs > 0 ? -behindMs : 0;
}
