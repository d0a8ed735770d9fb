import type { ApifyError } from "../../watchdog/model/errors.ts";
import type { Clock, Random, TokenSource } from "../../watchdog/model/ports.ts";
import { readAnswer } from "./answer.ts";
import { apifyError } from "./apify-error.ts";
import { exchange } from "./exchange.ts";
import { type Failure, GIVEN_UP, malformed, noAnswer } from "./failure.ts";
import type { Unread } from "./json.ts";
import { type ApifyRequest, urlOf } from "./request.ts";
import type { Transport } from "./transport.ts";
import { unlessAborted } from "./unless-aborted.ts";

type ConnectionOptions = {
  /** Scheme, host and perhaps a folder, without a slash at the end. */
  readonly origin: string;
  readonly token: TokenSource;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly requestTimeoutMs: number;
  /** How often a read is sent at most, without the one try that a fresh token brings. */
  readonly maxAttempts: number;
};

/** What a request brought, when it was sent, and with which token. */
export type Found<T> = { readonly value: T; readonly observedAt: Date; readonly token: string };

export type Sent<T> =
  | ({ readonly kind: "found" } & Found<T>)
  | { readonly kind: "failed"; readonly failure: Failure; readonly observedAt: Date };

/** Makes of `data` what is wanted; `undefined` when it can't be read as that. */
export type Decode<T> = (data: Unread) => T | undefined;

/** Every request to the API passes here: with the token, within its time, and counted. */
export class Connection {
  readonly options: ConnectionOptions;
  #requests = 0;
  /** The last token that Apify accepted. */
  tokenInHand: string | undefined;

  constructor(options: ConnectionOptions) {
    this.options = options;
  }

  takeRequestCount(): number {
    const taken = this.#requests;
    this.#requests = 0;
    return taken;
  }

  /** The token to send. Throws what the source throws, and `ApifyError` once the signal aborts. */
  token(request: ApifyRequest, signal: AbortSignal): Promise<string> {
    return this.#bounded(request, signal, () => this.options.token.get());
  }

  /** The token to try after this one was refused. Of many requests refused at once, the first has it renewed. */
  freshToken(request: ApifyRequest, refused: string, signal: AbortSignal): Promise<string> {
    const { token: source } = this.options;
    return this.#bounded(request, signal, async () => {
      const current = await source.get();
      return current === refused ? source.refresh() : current;
    });
  }

  /** Sends one request, once; never on an aborted signal, and `undefined` tells that nothing was sent. */
  async send<T>(
    request: ApifyRequest,
    decode: Decode<T>,
    token: string,
    signal: AbortSignal,
  ): Promise<Sent<T> | undefined> {
    if (signal.aborted) return undefined;
    const { origin, transport, clock, requestTimeoutMs: timeoutMs } = this.options;
    const { method } = request;
    const authorization = `Bearer ${token}`;
    const headers = { authorization, accept: "application/json", "user-agent": "apify-run-watchdog" };
    const observedAt = clock.now();
    this.#requests += 1;
    const outgoing = { method, url: urlOf(origin, request), headers };
    const exchanged = await exchange({ transport, clock, timeoutMs }, outgoing, signal);
    if (exchanged.kind === "failed") return { ...exchanged, observedAt };
    const answer = readAnswer(exchanged.answer);
    if (answer.kind === "failed") return { ...answer, observedAt };
    const value = decode(answer.data);
    if (value !== undefined) {
      this.tokenInHand = token;
      return { kind: "found", value, observedAt, token };
    }
    const unreadable = `"data" that can't be read as ${request.wanted}`;
    return { kind: "failed", failure: malformed(exchanged.answer.status, unreadable), observedAt };
  }

  error(failure: Failure, request: ApifyRequest, attempt: number, token?: string): ApifyError {
    const { origin, token: source } = this.options;
    return apifyError(failure, { request, origin, attempt, token, tokenFrom: source.describe() });
  }

  async #bounded(request: ApifyRequest, signal: AbortSignal, ask: () => Promise<string>): Promise<string> {
    const token = await unlessAborted(ask, signal);
    if (token === undefined) throw this.error(noAnswer(GIVEN_UP), request, 0);
    return token;
  }
}
