import type { ApifyError } from "../../../watchdog/model/errors.ts";
import type { Connection } from "./connection.ts";
import { isMissing, isTokenRefused } from "./failure.ts";
import type { ApifyRequest } from "./request.ts";
import { type Settled, tries } from "./tries.ts";
import type { Decode, Found } from "./wire.ts";

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

/** What Apify said of one thing that was asked for by its id or name. */
export type Answered<T> =
  | ({ readonly kind: "found" } & Found<T>)
  /** Apify has no such thing (404). */
  | { readonly kind: "gone"; readonly observedAt: Date }
  /** This token may not read this one (403). */
  | { readonly kind: "forbidden"; readonly observedAt: Date; readonly error: ApifyError };

/** The same, where Apify's answer that there is no such thing, or that it may not be read, is a result. */
export async function ask<T>(
  connection: Connection,
  request: ApifyRequest,
  decode: Decode<T>,
  signal: AbortSignal,
): Promise<Answered<T>> {
  const settled = await settle(connection, request, decode, signal);
  if (settled.kind === "found") return settled;
  const { failure, error, observedAt, off } = settled;
  const result = isMissing(failure)
    ? ({ kind: "gone", observedAt } as const)
    : error.isNotPermitted
      ? ({ kind: "forbidden", observedAt, error } as const)
      : undefined;
  if (result === undefined) throw error;
  // As a result it would be remembered, with when it was.
  if (off) throw off;
  return result;
}

/** On the token at hand and, where that is refused, on a fresh one. */
async function settle<T>(
  connection: Connection,
  request: ApifyRequest,
  decode: Decode<T>,
  signal: AbortSignal,
): Promise<Settled<T>> {
  const token = await connection.token(request, signal);
  const first = await tries(connection, request, decode, token, signal);
  if (first.kind === "found" || !isTokenRefused(first.failure)) return first;
  const fresh = await connection.freshToken(request, token, signal);
  if (fresh === token) return first;
  return tries(connection, request, decode, fresh, signal, { sentBefore: first.attempts });
}
