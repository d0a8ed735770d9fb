import { ApifyError } from "../../watchdog/model/errors.ts";
import { backoffMs } from "./backoff.ts";
import type { Connection, Decode, Found } from "./connection.ts";
import { type Failure, GIVEN_UP, isMissing, noAnswer } from "./failure.ts";
import type { ApifyRequest } from "./request.ts";

/** Sends what may be repeated, until it succeeds, can't succeed, or was tried enough. Throws `ApifyError`. */
export async function read<T>(
  connection: Connection,
  request: ApifyRequest,
  decode: Decode<T>,
  signal: AbortSignal,
): Promise<Found<T>> {
  const settled = await settle(connection, request, decode, signal);
  if (settled.kind === "found") return settled;
  throw settled.error;
}

/** The same, where Apify's answer that there is no such thing is a result. */
export async function readIfAny<T>(
  connection: Connection,
  request: ApifyRequest,
  decode: Decode<T>,
  signal: AbortSignal,
): Promise<Found<T | undefined>> {
  const settled = await settle(connection, request, decode, signal);
  if (settled.kind === "found") return settled;
  if (!isMissing(settled.error)) throw settled.error;
  return { value: undefined, observedAt: settled.observedAt, token: settled.token };
}

/**
 * The same, where Apify's answer that it may not be read is a result too: a scoped token can list the runs of an Actor
 * in Apify Store without the right to read that Actor.
 */
export async function ifAllowed<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApifyError && error.isForbidden) return undefined;
    throw error;
  }
}

type Settled<T> =
  | ({ readonly kind: "found" } & Found<T>)
  | {
      readonly kind: "failed";
      readonly error: ApifyError;
      readonly observedAt: Date;
      readonly token: string;
    };

async function settle<T>(
  connection: Connection,
  request: ApifyRequest,
  decode: Decode<T>,
  signal: AbortSignal,
): Promise<Settled<T>> {
  const { clock, random, maxAttempts } = connection.options;
  let token = await connection.token(request, signal);
  let mayRefresh = true;
  let last: ApifyError | undefined;
  for (let attempt = 1, waits = 0; ; attempt++) {
    const sent = await connection.send(request, decode, token, signal);
    if (sent === undefined) throw connection.error(noAnswer(GIVEN_UP, last), request, attempt - 1, token);
    if (sent.kind === "found") return sent;
    const { failure, observedAt } = sent;
    if (mayRefresh && isTokenRefused(failure)) {
      mayRefresh = false;
      const fresh = await connection.freshToken(request, token, signal);
      if (fresh !== token) {
        token = fresh;
        continue;
      }
    }
    const error = connection.error(failure, request, attempt, token);
    const isLast = !failure.retryable || waits === maxAttempts - 1 || signal.aborted;
    if (isLast) return { kind: "failed", error, observedAt, token };
    await clock.sleep(backoffMs(waits, random), signal);
    waits += 1;
    last = error;
  }
}

const isTokenRefused = ({ status, retryable }: Failure): boolean => status === 401 && !retryable;
