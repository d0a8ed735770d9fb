import { ConfigError } from "../../watchdog/model/errors.ts";
import type { Clock } from "../../watchdog/model/ports.ts";

/** A receiver that has not answered by then has not got it, as far as anybody can know. */
export const PATIENCE_MS = 5_000;

const LOOPBACK: readonly string[] = ["127.0.0.1", "[::1]", "localhost"];

/**
 * An address to post to: https, or http to this machine alone, where nobody listens in on the way. Throws `ConfigError`,
 * which says where it came from and never what it is, for whoever knows it can post, too.
 */
export function addressIn(text: string, where: string): URL {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (address && (address.username || address.password)) {
    throw new ConfigError(
      `${where} holds an address with a user or password before an @, which are never sent: take them out. A webhook is signed instead, with its key, for the receiver to check.`,
    );
  }
  const isHttps = address?.protocol === "https:";
  if (address && (isHttps || (address.protocol === "http:" && LOOPBACK.includes(address.hostname))))
    return address;
  throw new ConfigError(`${where} holds no address to post to: wanted a URL that begins with https://`);
}

type Post = {
  readonly address: URL;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What went wrong on the way, by its code alone: the texts of such errors quote the address. */
function codeOf(error: unknown): string {
  const { cause, name } = error as { readonly cause?: { readonly code?: unknown }; readonly name?: unknown };
  const code = String(cause?.code ?? name ?? "");
  return /^[\w-]+$/.test(code) ? code : "no reason given";
}

/**
 * Posts JSON, once, and returns the status. No redirect is followed: what is sent must not travel to wherever one points.
 * The answer's body is not read. Throws where none came in time, and for any status but 200 to 299.
 */
export async function postJson(
  { address, body, headers = {} }: Post,
  clock: Pick<Clock, "sleep">,
): Promise<number> {
  const patience = new AbortController();
  const answered = new AbortController();
  void clock.sleep(PATIENCE_MS, answered.signal).then(() => patience.abort());
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "apify-run-watchdog", ...headers },
      body,
      redirect: "manual",
      signal: patience.signal,
    }).catch((error: unknown) => {
      if (patience.signal.aborted) throw new Error(`no answer within ${PATIENCE_MS / 1_000} seconds`);
      throw new Error(`no answer (${codeOf(error)})`);
    });
    // What it says may be anything, and may quote what was sent.
    await response.body?.cancel().catch(() => undefined);
    if (response.ok) return response.status;
    const redirects =
      response.status >= 300 && response.status < 400 ? ", and redirects are not followed" : "";
    throw new Error(`the answer was HTTP ${response.status}${redirects}`);
  } finally {
    answered.abort();
  }
}
