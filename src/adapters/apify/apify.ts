import { ConfigError } from "../../watchdog/model/errors.ts";
import type { Apify, Clock, Random, TokenSource } from "../../watchdog/model/ports.ts";
import { isSafeUrl, SAFE_URL } from "../../watchdog/model/safe-url.ts";
import { type AbortEndpoint, abortRun } from "./abort-run.ts";
import { readLimits, readMonthlyUsage } from "./account.ts";
import { Connection } from "./http/connection.ts";
import type { Transport } from "./http/transport.ts";
import { listNamed } from "./list-named.ts";
import { listRuns, runsPage } from "./list-runs.ts";
import { readNamed } from "./named.ts";
import { readRun } from "./read-run.ts";
import { readRecentRuns } from "./recent-runs.ts";
import { resurrectRun } from "./resurrect-run.ts";
import { listSchedules, readSchedule, setEnabled } from "./schedules.ts";
import { setStatusMessage } from "./set-status-message.ts";

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
  const abortBy = { endpoint: abortEndpoint, unknownActors: new Set<string>() };
  return {
    checkUser: (expectedUserId, signal) => connection.checkUser(expectedUserId, signal),
    limits: (signal) => readLimits(connection, signal),
    monthlyUsage: (signal) => readMonthlyUsage(connection, signal),
    listRuns: (filter, signal) => listRuns(connection, filter, signal),
    runsPage: (filter, place, signal) => runsPage(connection, filter, place, signal),
    readRun: (runId, signal) => readRun(connection, runId, signal),
    abortRun: (call, signal) => abortRun(connection, abortBy, call, signal),
    resurrectRun: (runId, given, signal) => resurrectRun(connection, runId, given, signal),
    setStatusMessage: (runId, text, signal) => setStatusMessage(connection, runId, text, signal),
    actor: (idOrName, signal) => readNamed(connection, "actor", idOrName, signal),
    task: (idOrName, signal) => readNamed(connection, "task", idOrName, signal),
    schedule: (id, signal) => readNamed(connection, "schedule", id, signal),
    listNamed: (kind, signal) => listNamed(connection, kind, signal),
    recentRuns: (of, statuses, signal) => readRecentRuns(connection, of, statuses, signal),
    listSchedules: (signal) => listSchedules(connection, signal),
    readSchedule: (id, signal) => readSchedule(connection, id, signal),
    disableSchedule: (id, signal) => setEnabled(connection, id, false, signal),
    enableSchedule: (id, signal) => setEnabled(connection, id, true, signal),
    takeRequestCount: () => connection.takeRequestCount(),
    takeClockChecks: () => connection.takeClockChecks(),
    clockChecks: () => connection.clockChecks(),
    now: () => connection.now(),
  };
}

/** User and password in the URL would end up in messages, and a query in front of every path. */
function originOf(baseUrl: string): string {
  const url = URL.parse(baseUrl.trim());
  const isPlain = url && isSafeUrl(url.href) && !url.username && !url.password && !url.search && !url.hash;
  if (isPlain) return `${url.origin}${url.pathname}`.replace(/\/+(?:v2\/*)?$/, "");
  throw new ConfigError(
    `APIFY_API_URL must be ${SAFE_URL}, without user, password, query or fragment` +
      `${/[@?#]/.test(baseUrl) ? "" : `, got "${baseUrl}"`}. Leave it out to use Apify's own.`,
  );
}
