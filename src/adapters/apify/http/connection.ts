import { ApifyError } from "../../../watchdog/model/errors.ts";
import type { TokenUser } from "../../../watchdog/model/ports.ts";
import { type Failure, GIVEN_UP, noAnswer } from "./failure.ts";
import type { ApifyRequest } from "./request.ts";
import { TokenUsers, type User, untold, WHO } from "./token-users.ts";
import { unlessAborted } from "./unless-aborted.ts";
import { type Decode, type Sender, type Sent, Wire, type WireOptions } from "./wire.ts";

/**
 * The only way to the API. Whatever passes goes out on a token whose user was checked: a token that is new here, after a
 * 401 or an hour, is asked whose it is before anything else goes out on it.
 */
export class Connection implements Sender {
  readonly options: WireOptions;
  readonly #wire: Wire;
  readonly #users: TokenUsers;
  /** The last token that Apify accepted for more than asking whose it is. */
  tokenInHand: string | undefined;

  constructor(options: WireOptions) {
    this.options = options;
    this.#wire = new Wire(options);
    this.#users = new TokenUsers(this.#wire);
  }

  takeRequestCount(): number {
    return this.#wire.takeRequestCount();
  }

  takeClockChecks(): number {
    return this.#wire.takeClockChecks();
  }

  clockChecks(): number {
    return this.#wire.clockChecks;
  }

  now(): Date {
    return this.#wire.now();
  }

  /** Whose this token is, where that was asked. */
  userOf(token: string): User | undefined {
    return this.#users.of(token);
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

  /** Whose the token is; only `expectedUserId`'s is good for anything from now on. */
  async checkUser(expectedUserId: string | undefined, signal: AbortSignal): Promise<TokenUser> {
    if (expectedUserId !== undefined) this.#users.expect(expectedUserId);
    const token = await this.token(WHO, signal);
    const first = await this.#users.find(token, signal);
    if (first.kind !== "failed") return first;
    const fresh = await this.freshToken(WHO, token, signal);
    const second = fresh === token ? first : await this.#users.find(fresh, signal);
    if (second.kind === "failed") throw second.error;
    return second;
  }

  /** Fails as a request with a refused token does where asking whose it is was refused. */
  async send<T>(
    request: ApifyRequest,
    decode: Decode<T>,
    token: string,
    signal: AbortSignal,
  ): Promise<Sent<T> | undefined> {
    if (signal.aborted) return undefined;
    const user = await this.#users.find(token, signal).catch((error: unknown) => {
      throw unsent(error);
    });
    if (user.kind === "failed") return { ...user, request: WHO };
    if (user.kind === "no-runs") throw unsent(untold(user.because, "the account's list of runs is empty"));
    const sent = await this.#wire.send(request, decode, token, signal);
    if (sent?.kind === "found") this.tokenInHand = token;
    return sent;
  }

  error(failure: Failure, request: ApifyRequest, attempt: number, token?: string): ApifyError {
    return this.#wire.error(failure, request, attempt, token);
  }

  async #bounded(request: ApifyRequest, signal: AbortSignal, ask: () => Promise<string>): Promise<string> {
    const token = await unlessAborted(ask, signal);
    if (token === undefined) throw this.error(noAnswer(GIVEN_UP), request, 0);
    return token;
  }
}

/** The error of a request that never left, because asking whose the token is failed. */
const unsent = (error: unknown): unknown =>
  error instanceof ApifyError
    ? new ApifyError(error.message, { ...error, attempt: 0 }, { cause: error })
    : error;
