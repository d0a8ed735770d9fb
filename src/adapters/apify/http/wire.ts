import type { ApifyError, ClockError } from "../../../watchdog/model/errors.ts";
import type { Clock, Random, TokenSource } from "../../../watchdog/model/ports.ts";
import { type Answer, readAnswer } from "./answer.ts";
import { apifyError } from "./apify-error.ts";
import { clockErrorOf, dateOf, type Instant, offsetOf, partedSince } from "./clock-check.ts";
import { exchange } from "./exchange.ts";
import { type Failure, malformed } from "./failure.ts";
import type { Unread } from "./json.ts";
import { type ApifyRequest, urlOf } from "./request.ts";
import type { Transport } from "./transport.ts";

export type WireOptions = {
  /** Scheme, host and perhaps a folder, without a slash at the end. */
  readonly origin: string;
  readonly token: TokenSource;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly requestTimeoutMs: number;
  /** How often a read is sent at most on one token. */
  readonly maxAttempts: number;
};

/** What a request brought, when it was sent, and with which token. */
export type Found<T> = {
  readonly value: T;
  readonly observedAt: Date;
  /** When it was sent, by the monotonic clock. */
  readonly sentMs: number;
  readonly token: string;
  /** The answer's date shows that the clocks differ. */
  readonly off?: ClockError;
};

export type Sent<T> =
  | ({ readonly kind: "found" } & Found<T>)
  | {
      readonly kind: "failed";
      readonly failure: Failure;
      /** What failed: this request, or the one that asks whose the token is. */
      readonly request: ApifyRequest;
      readonly observedAt: Date;
      readonly off?: ClockError;
    };

/**
 * Makes of `data` what is wanted; `undefined` when it can't be read as that. `at` is when it was answered: by Apify's
 * clock where that is told, else by ours.
 */
export type Decode<T> = (data: Unread, at: Date) => T | undefined;

/** One request on one token, and the error that is made of what came of it. */
export interface Sender {
  readonly options: WireOptions;
  /** Sends it once; never on an aborted signal, and `undefined` says that nothing was sent. */
  send<T>(
    request: ApifyRequest,
    decode: Decode<T>,
    token: string,
    signal: AbortSignal,
  ): Promise<Sent<T> | undefined>;
  error(failure: Failure, request: ApifyRequest, attempt: number, token?: string): ApifyError;
}

/** Sends whatever it is given, within its time, and counts it. `Connection` sees to it whose token that is. */
export class Wire implements Sender {
  readonly options: WireOptions;
  #requests = 0;
  #clockChecks = 0;
  #offsetMs = 0;
  /** When an answer last showed Apify's time, of those that are counted now. */
  #checkedAt: Instant | undefined;

  constructor(options: WireOptions) {
    this.options = options;
  }

  /**
   * Our clock, put right by the last answer that showed Apify's time. Throws `ClockError` where our clocks have parted since
   * then, until an answer shows it again.
   */
  now(): Date {
    const now = this.#instant();
    const parted = this.#checkedAt && partedSince(this.#checkedAt, now);
    if (parted) throw parted;
    return new Date(now.wallMs + this.#offsetMs);
  }

  #instant(): Instant {
    const { clock } = this.options;
    return { wallMs: clock.now().getTime(), monotonicMs: clock.monotonicMs() };
  }

  takeRequestCount(): number {
    const taken = this.#requests;
    this.#requests = 0;
    return taken;
  }

  get clockChecks(): number {
    return this.#clockChecks;
  }

  takeClockChecks(): number {
    const taken = this.#clockChecks;
    this.#clockChecks = 0;
    this.#checkedAt = undefined;
    return taken;
  }

  async send<T>(
    request: ApifyRequest,
    decode: Decode<T>,
    token: string,
    signal: AbortSignal,
  ): Promise<Sent<T> | undefined> {
    if (signal.aborted) return undefined;
    const { origin, transport, clock, requestTimeoutMs: timeoutMs } = this.options;
    const { method, body } = request;
    const authorization = `Bearer ${token}`;
    const json = body === undefined ? {} : { "content-type": "application/json" };
    const headers = {
      authorization,
      accept: "application/json",
      "user-agent": "apify-run-watchdog",
      ...json,
    };
    const observedAt = clock.now();
    const sentMs = clock.monotonicMs();
    this.#requests += 1;
    const outgoing = { method, url: urlOf(origin, request), headers, ...(body !== undefined && { body }) };
    const exchanged = await exchange({ transport, clock, timeoutMs }, outgoing, signal);
    if (exchanged.kind === "failed") return { ...exchanged, request, observedAt };
    const receivedAt = clock.now();
    const answer = readAnswer(exchanged.answer);
    const date = isApifys(answer) ? dateOf(exchanged.answer.headers) : undefined;
    const span = { sentAt: observedAt, receivedAt };
    const [sent, now] = [{ wallMs: observedAt.getTime(), monotonicMs: sentMs }, this.#instant()];
    // A clock that is set meanwhile makes the span so wide that any date lies within it.
    const parted = partedSince(sent, now);
    if (date) {
      this.#clockChecks += 1;
      this.#offsetMs = offsetOf(date, span);
      this.#checkedAt = parted ? sent : now;
    }
    const off = date && (clockErrorOf(date, `${method} ${request.path}`, span) ?? parted);
    const failed = (failure: Failure) =>
      ({ kind: "failed", failure, request, observedAt, ...(off && { off }) }) as const;
    if (answer.kind === "failed") return failed(answer.failure);
    const value = decode(answer.data, date ?? receivedAt);
    if (value !== undefined) return { kind: "found", value, observedAt, sentMs, token, ...(off && { off }) };
    const unreadable = `"data" that can't be read as ${request.wanted}`;
    return failed(malformed(exchanged.answer.status, unreadable));
  }

  error(failure: Failure, request: ApifyRequest, attempt: number, token?: string): ApifyError {
    const { origin, token: source } = this.options;
    return apifyError(failure, { request, origin, attempt, token, tokenFrom: source.describe() });
  }
}

/** What stands on the way to Apify has a clock of its own. */
const isApifys = (answer: Answer): boolean =>
  answer.kind === "data" || !["malformed-answer", "redirected"].includes(answer.failure.type);
