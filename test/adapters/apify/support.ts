import { steppedClock } from "../../../emulator/index.ts";
import {
  type ApifyOptions,
  createApify,
  fetchTransport,
  type Transport,
  type TransportRequest,
} from "../../../src/adapters/apify/index.ts";
import { systemClock, systemRandom } from "../../../src/adapters/system.ts";
import type { Apify, TokenSource } from "../../../src/watchdog/model/ports.ts";
import { serve } from "../../support/serve.ts";
import { virtualTime } from "../../support/virtual-time.ts";

export const NOON = new Date("2026-09-01T12:00:00.000Z");
export const TOKEN = "apify_api_s3cretT0ken";
export const never: AbortSignal = new AbortController().signal;

/** A run as Apify answers it. */
export const run = (overrides: object = {}): object => ({
  id: "run1",
  actId: "actor1",
  status: "RUNNING",
  startedAt: "2026-09-01T11:00:00.000Z",
  finishedAt: null,
  meta: { origin: "API" },
  usageTotalUsd: 1.5,
  ...overrides,
});

export type Step =
  | { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> }
  | "reset"
  /** Never answers and ignores its signal. */
  | "hang";

export const json = (status: number, body: unknown): Step => ({ status, body });
export const data = (value: unknown): Step => json(200, { data: value });
export const refusal = (status: number, type: string, message = "As Apify says it."): Step =>
  json(status, { error: { type, message } });
export const html = (status: number): Step => ({
  status,
  body: "<html><h1>Please try again</h1></html>",
  headers: { "content-type": "text/html" },
});

export type Seen = TransportRequest & {
  readonly at: number;
  readonly path: string;
  readonly query: URLSearchParams;
};
export type Respond = (request: Seen, index: number) => Step;

export const WHO = "/v2/users/me";
export const USER = { id: "user1", username: "jane" };

type ScriptedOptions = Partial<ApifyOptions> & {
  /** Who answers whose the token is: the script, or this test's account, which leaves no trace in `requests`. */
  readonly who?: "script" | "user1";
};

/** An adapter on a scripted transport and virtual time. The last step of a script repeats. */
export function scripted(
  script: readonly Step[] | Respond,
  { who = "user1", ...options }: ScriptedOptions = {},
) {
  const clock = steppedClock(NOON);
  const time = virtualTime(clock);
  const requests: Seen[] = [];
  const respond: Respond =
    typeof script === "function"
      ? script
      : (_request, index) => script[Math.min(index, script.length - 1)] ?? "hang";
  const transport: Transport = async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (who === "user1" && pathname === WHO)
      return { status: 200, headers: {}, body: JSON.stringify({ data: USER }) };
    const seen = { ...request, at: clock.now() - NOON.getTime(), path: pathname, query: searchParams };
    requests.push(seen);
    const step = respond(seen, requests.length - 1);
    if (step === "hang") return new Promise<never>(() => undefined);
    if (step === "reset") throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    const { status, body, headers = {} } = step;
    return { status, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
  };
  const apify = createApify({
    baseUrl: "https://apify.test",
    token: fixedToken(),
    transport,
    clock: time,
    random: () => 0.5,
    abortEndpoint: "actor-runs",
    ...options,
  });
  /** Lets the call run in virtual time. */
  const asked = <T>(ask: (apify: Apify) => Promise<T>): Promise<T> => time.run(ask(apify));
  return { apify, asked, clock, time, requests };
}

/** An Apify at the far end of real HTTP. */
export const overHttp = (baseUrl: string, options: Partial<ApifyOptions> = {}) =>
  createApify({
    baseUrl,
    token: fixedToken(),
    transport: fetchTransport,
    clock: systemClock,
    random: systemRandom,
    abortEndpoint: "actor-runs",
    ...options,
  });

/** Gives out the tokens one after another, the next one at each refresh; the last one stays. */
export function fixedToken(...tokens: readonly string[]): TokenSource & { refreshes: number } {
  const all = tokens.length > 0 ? tokens : [TOKEN];
  const source = {
    refreshes: 0,
    get: async () => all[Math.min(source.refreshes, all.length - 1)] ?? TOKEN,
    refresh: () => {
      source.refreshes += 1;
      return source.get();
    },
    describe: () => "the secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:apify",
  };
  return source;
}

export const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => {
      throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );

/** Everything of an error that a log could show, its chain of causes included. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = Object.getOwnPropertyNames(error).map((key) => {
    const value: unknown = Reflect.get(error, key);
    return key === "cause"
      ? textOf(value)
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value);
  });
  return [String(error), ...own].join("\n");
}

/** An HTTP server of an account: whose the token is, it answers by itself. */
export const serveAccount = (handle: Parameters<typeof serve>[0]): Promise<string> =>
  serve((request, response) =>
    request.url === WHO ? void response.end(JSON.stringify({ data: USER })) : handle(request, response),
  );
