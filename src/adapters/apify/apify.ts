import { ConfigError } from "../../watchdog/model/errors.ts";
import type { Apify, Clock, Named, Random, TokenSource } from "../../watchdog/model/ports.ts";
import { type AbortEndpoint, abortRun } from "./abort-run.ts";
import { readLimits, readMonthlyUsage, readUser, type User } from "./account.ts";
import { Connection } from "./connection.ts";
import { listRuns, runsPage } from "./list-runs.ts";
import { findActor, findTask, type Naming, readActor, readTask } from "./names.ts";
import { readRun } from "./read-run.ts";
import { readRecentSuccesses } from "./recent-successes.ts";
import { resurrectRun } from "./resurrect-run.ts";
import type { Transport } from "./transport.ts";
import { unlessAborted } from "./unless-aborted.ts";

export type ApifyOptions = {
  /** Like `https://api.apify.com`; a folder is fine, and so is `/v2` at the end. */
  readonly baseUrl: string;
  readonly token: TokenSource;
  readonly transport: Transport;
  /** All waiting goes through its `sleep`: the time-out of each request, and the pauses between tries. */
  readonly clock: Clock;
  readonly random: Random;
  readonly abortEndpoint: AbortEndpoint;
  /** How long one request may take until its answer is read. @default 10 seconds */
  readonly requestTimeoutMs?: number;
  /** How often a read is sent at most. Writes are sent once. @default 4 */
  readonly maxAttempts?: number;
};

/** The account that the token opens, over Apify's HTTP API. Throws `ConfigError` on a `baseUrl` that is no URL. */
export function createApify(options: ApifyOptions): Apify {
  const { baseUrl, abortEndpoint, requestTimeoutMs = 10_000, maxAttempts = 4, ...rest } = options;
  const connection = new Connection({ ...rest, origin: originOf(baseUrl), requestTimeoutMs, maxAttempts });
  const whoAmI = userOf(connection, options.token);

  /** A task's `username` is optional in the API reference. Whose it is, is told by its `userId`. */
  const fullName = async (named: Naming | undefined, signal: AbortSignal): Promise<string | undefined> => {
    if (named === undefined) return undefined;
    const { name, username, userId } = named;
    if (username !== undefined) return `${username}/${name}`;
    const user = await whoAmI(signal);
    return user.id === userId ? `${user.username}/${name}` : undefined;
  };

  const identified = async (
    found: (Naming & { readonly id: string }) | undefined,
    signal: AbortSignal,
  ): Promise<Named | undefined> => {
    const name = await fullName(found, signal);
    return found && { id: found.id, ...(name !== undefined && { name }) };
  };

  return {
    whoAmI,
    limits: (signal) => readLimits(connection, signal),
    listRuns: (filter, signal) => listRuns(connection, filter, signal),
    runsPage: (filter, place, signal) => runsPage(connection, filter, place, signal),
    monthlyUsage: (signal) => readMonthlyUsage(connection, signal),
    readRun: (runId, signal) => readRun(connection, runId, signal),
    abortRun: (call, signal) => abortRun(connection, abortEndpoint, call, signal),
    resurrectRun: (runId, given, signal) => resurrectRun(connection, runId, given, signal),
    actorName: async (id, signal) => fullName(await readActor(connection, id, signal), signal),
    taskName: async (id, signal) => fullName(await readTask(connection, id, signal), signal),
    recentSuccesses: (of, signal) => readRecentSuccesses(connection, of, signal),
    findActor: async (name, signal) => identified(await findActor(connection, name, signal), signal),
    findTask: async (name, signal) => identified(await findTask(connection, name, signal), signal),
    takeRequestCount: () => connection.takeRequestCount(),
  };
}

/** Asks once per token: a token's user never changes. */
function userOf(connection: Connection, source: TokenSource): (signal: AbortSignal) => Promise<User> {
  let known: { readonly token: string; readonly user: User } | undefined;
  return async (signal) => {
    if (known && known.token === (await unlessAborted(() => source.get(), signal))) return known.user;
    const { value: user, token } = await readUser(connection, signal);
    known = { token, user };
    return user;
  };
}

/** User and password in the URL would end up in messages, and a query in front of every path. */
function originOf(baseUrl: string): string {
  const url = URL.parse(baseUrl.trim());
  const isPlain =
    url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (isPlain) return `${url.origin}${url.pathname}`.replace(/\/+(?:v2\/*)?$/, "");
  throw new ConfigError(
    `APIFY_API_URL must be an http or https URL without user, password, query or fragment, such as https://api.apify.com` +
      `${url === null && !baseUrl.includes("@") ? `, got "${baseUrl}"` : ""}. Leave it out to use Apify's own.`,
  );
}
