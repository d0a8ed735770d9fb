import { type ApifyError, TokenError } from "../../../watchdog/model/errors.ts";
import type { TokenUser } from "../../../watchdog/model/ports.ts";
import { GIVEN_UP, isTokenRefused, noAnswer } from "./failure.ts";
import { isObject, textOf, type Unread } from "./json.ts";
import type { ApifyRequest } from "./request.ts";
import { type Settled, tries } from "./tries.ts";
import { unlessAborted } from "./unless-aborted.ts";
import type { Wire } from "./wire.ts";

/** Asks whose a token is. The answer holds the password of Apify Proxy too: nothing but id and name is kept of it. */
export const WHO: ApifyRequest = { method: "GET", path: "/v2/users/me", wanted: "a user" };

/**
 * The one list that may go out on a token whose user `users/me` does not tell: the newest runs, live or ended, so that an
 * account shows itself by whatever it has run last.
 */
const NEWEST: ApifyRequest = {
  method: "GET",
  path: "/v2/actor-runs",
  query: { desc: "1", limit: "10" },
  wanted: "a list of runs",
  isRunList: true,
};

/** Neither may take the time of a tick: after one the other is asked, after both the next tick asks again. */
const MOST_TRIES = 2;

export type User = { readonly id: string; readonly username?: string };

/** `refused`: Apify does not know the token (401). */
type Answered = TokenUser | (Settled<unknown> & { readonly kind: "failed" });

/** Whose each token is, asked once for each, and who it has to be. */
export class TokenUsers {
  readonly #wire: Wire;
  readonly #users = new Map<string, User>();
  /** Of many requests on a new token, the first asks for all. */
  readonly #asking = new Map<string, Promise<Answered>>();
  #expected: string | undefined;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** From now on only this user's tokens are good for anything. Without it, the first user that is found counts. */
  expect(userId: string): void {
    this.#expected = userId;
  }

  of(token: string): User | undefined {
    return this.#users.get(token);
  }

  /**
   * The user of this very token, who is the expected one; or that the token is refused, or that there is nothing to go
   * by. Throws `ConfigError` on another user, and where neither request can tell; `ApifyError` where both fail.
   */
  async find(token: string, signal: AbortSignal): Promise<Answered> {
    for (;;) {
      const known = this.#users.get(token);
      if (known) return this.#expectedOne({ kind: "user", ...known, by: "known" });
      const asking = this.#asking.get(token);
      if (asking === undefined) return this.#expectedOne(await this.#asked(token, signal));
      // Whoever asks may have less time than this one: its failure is not this one's.
      await unlessAborted(() => asking.catch(() => undefined), signal);
      if (signal.aborted) throw this.#wire.error(noAnswer(GIVEN_UP), WHO, 0, token);
    }
  }

  async #asked(token: string, signal: AbortSignal): Promise<Answered> {
    const asking = this.#ask(token, signal).finally(() => this.#asking.delete(token));
    this.#asking.set(token, asking);
    const answered = await asking;
    if (answered.kind === "user") {
      const { id, username } = answered;
      this.#users.set(token, { id, ...(username !== undefined && { username }) });
    }
    return answered;
  }

  async #ask(token: string, signal: AbortSignal): Promise<Answered> {
    const few = { maxAttempts: Math.min(MOST_TRIES, this.#wire.options.maxAttempts) };
    const me = await tries(this.#wire, WHO, decodeUser, token, signal, few);
    if (me.kind === "found") return { kind: "user", ...me.value, by: "users/me" };
    if (isTokenRefused(me.failure)) return me;
    if (signal.aborted) throw me.error;
    const newest = await tries(this.#wire, NEWEST, decodeOwners, token, signal, few);
    if (newest.kind === "failed") {
      if (isTokenRefused(newest.failure)) return newest;
      throw newest.error;
    }
    const because = me.error;
    if (newest.value.length === 0) return { kind: "no-runs", because };
    const [owner, ...others] = new Set(newest.value.filter((id) => id !== undefined));
    if (others.length > 0) throw untold(because, "the account's list of runs names several users");
    if (owner === undefined) throw untold(because, "the account's list of runs names no user");
    return { kind: "user", id: owner, by: "list", because };
  }

  #expectedOne(answered: Answered): Answered {
    if (answered.kind !== "user") return answered;
    this.#expected ??= answered.id;
    if (answered.id === this.#expected) return answered;
    const { id, username } = answered;
    const who = username === undefined ? id : `${username} (${id})`;
    throw new TokenError(
      `the Apify token belongs to user ${who}, but this watchdog guards user ${this.#expected}, so nothing more was ` +
        `asked with it. Put a token of user ${this.#expected} into ${this.#wire.options.token.describe()}, or guard ` +
        `${username ?? id} under another ACCOUNT.`,
    );
  }
}

/** Whose the token is can't be found out, so it is used for nothing. A failure that may pass is told as it is. */
export const untold = (because: ApifyError, why: string): ApifyError | TokenError =>
  because.retryable
    ? because
    : new TokenError(
        `It can't be determined whose Apify token this is, so nothing more was asked with it. ${because.message} ` +
          `And ${why}. Give the token the right to read GET /v2/users/me, or use one without a scope.`,
        { cause: because },
      );

function decodeUser(data: Unread): User | undefined {
  const id = textOf(data.id);
  const username = textOf(data.username);
  return id === undefined ? undefined : { id, ...(username !== undefined && { username }) };
}

/** Whose the runs are; `undefined` stands for a run that does not say it. */
const decodeOwners = ({ items }: Unread): readonly (string | undefined)[] | undefined =>
  Array.isArray(items) ? items.map((item) => (isObject(item) ? textOf(item.userId) : undefined)) : undefined;
