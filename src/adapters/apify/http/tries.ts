import type { ApifyError, ClockError } from "../../../watchdog/model/errors.ts";
import { backoffMs } from "./backoff.ts";
import { type Failure, GIVEN_UP, noAnswer } from "./failure.ts";
import type { ApifyRequest } from "./request.ts";
import type { Decode, Found, Sender } from "./wire.ts";

export type Settled<T> =
  | ({ readonly kind: "found" } & Found<T>)
  | {
      readonly kind: "failed";
      readonly failure: Failure;
      readonly error: ApifyError;
      readonly observedAt: Date;
      readonly token: string;
      readonly off?: ClockError;
      /** Requests sent so far. */
      readonly attempts: number;
    };

/**
 * Sends on one token what may be repeated, until it succeeds, can't succeed, or was tried enough. Throws `ClockError`
 * instead of an answer whose date shows that the clocks differ, `ApifyError` when the signal aborts before or between two
 * tries, and what sending throws.
 */
export async function tries<T>(
  sender: Sender,
  request: ApifyRequest,
  decode: Decode<T>,
  token: string,
  signal: AbortSignal,
  { maxAttempts = sender.options.maxAttempts, sentBefore = 0 } = {},
): Promise<Settled<T>> {
  const { clock, random } = sender.options;
  let last: ApifyError | undefined;
  for (let tried = 1; ; tried++) {
    const attempts = sentBefore + tried;
    const sent = await sender.send(request, decode, token, signal);
    if (sent === undefined) throw sender.error(noAnswer(GIVEN_UP, last), request, attempts - 1, token);
    if (sent.kind === "found") {
      if (sent.off) throw sent.off;
      return sent;
    }
    const { failure, observedAt, off } = sent;
    const error = sender.error({ cause: off, ...failure }, sent.request, attempts, token);
    if (!failure.retryable || tried === maxAttempts || signal.aborted)
      return { kind: "failed", failure, error, observedAt, token, attempts, ...(off && { off }) };
    await clock.sleep(backoffMs(tried - 1, random), signal);
    last = error;
  }
}
