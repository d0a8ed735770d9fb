import { ServiceError } from "../errors.ts";

/** "A client request token is valid for 10 minutes after the first request that uses it is completed" (API reference). */
const VALID_MS = 10 * 60_000;

export type Finished = {
  readonly request: string;
  readonly doneMs: number;
  /** What reading its items takes: that is what a repetition is charged. */
  readonly units: ReadonlyMap<string, number>;
};

/** Transactions that succeeded under a token. The same request again is answered alike, and changes nothing. */
export class TransactionTokens {
  readonly #finished = new Map<string, Finished>();

  find(nowMs: number, input: { readonly ClientRequestToken?: string }): Finished | undefined {
    const known = this.#finished.get(input.ClientRequestToken ?? "");
    if (known === undefined || nowMs > known.doneMs + VALID_MS) return undefined;
    if (known.request !== JSON.stringify(input)) {
      throw new ServiceError(
        "IdempotentParameterMismatchException",
        "The request uses the same client token as a previous, but non-identical request",
      );
    }
    if (nowMs < known.doneMs) {
      throw new ServiceError(
        "TransactionInProgressException",
        "The transaction with the given request token is already in progress",
      );
    }
    return known;
  }

  remember(
    doneMs: number,
    input: { readonly ClientRequestToken?: string },
    units: ReadonlyMap<string, number>,
  ): void {
    const { ClientRequestToken: token } = input;
    if (token !== undefined) this.#finished.set(token, { request: JSON.stringify(input), doneMs, units });
  }
}
