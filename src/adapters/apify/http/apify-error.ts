import { printable } from "../../../policy/index.ts";
import { ApifyError } from "../../../watchdog/model/errors.ts";
import { type Failure, GIVEN_UP } from "./failure.ts";
import type { ApifyRequest } from "./request.ts";

export type Asked = {
  readonly request: ApifyRequest;
  /** Scheme and host, without user and password. */
  readonly origin: string;
  /** Requests sent so far; 0 when it never came to one. */
  readonly attempt: number;
  /** Where the token comes from, for people. */
  readonly tokenFrom: string;
  /** Never shown, and kept out of what others said. */
  readonly token: string | undefined;
};

const MAX_SAID = 200;

/** The error that a person sees: what was asked, what came, and what to do. It never holds the token. */
export function apifyError(failure: Failure, asked: Asked): ApifyError {
  const { status, type, retryable, cause } = failure;
  const { request, attempt, token } = asked;
  const options = cause !== undefined && !mentions(cause, token) ? { cause } : undefined;
  const { path, isRunList: ofRunList = false } = request;
  return new ApifyError(
    messageOf(failure, asked),
    { status, type, retryable, attempt, path, ofRunList },
    options,
  );
}

function messageOf(failure: Failure, { request, origin, attempt, tokenFrom, token }: Asked): string {
  const { status, type, reason, said } = failure;
  const what = `${request.method} ${request.path}`;
  const tries = attempt > 1 ? ` after ${attempt} tries` : "";
  const answer = said === undefined ? reason : `${reason}: "${printable(quotable(said, token), MAX_SAID)}"`;
  if (reason === GIVEN_UP) {
    const state = attempt === 0 ? "was not sent" : `was given up${tries}`;
    return `${what} ${state}: ${reason}. The next tick tries again.`;
  }
  if (type === "no-answer") {
    return `No answer from ${origin} to ${what}${tries}: ${reason}. Check that APIFY_API_URL is right and can be reached from here.`;
  }
  if (type === "malformed-answer") {
    return `${origin} answered ${what} with ${answer}${tries}. If this persists, something else answers in Apify's place: check APIFY_API_URL, and any proxy on the way.`;
  }
  if (type === "redirected") {
    return `${origin} answered ${what} with ${answer}, so that the token stays here. Set APIFY_API_URL to where the API really is.`;
  }
  if (type === "page-not-found") return `${origin} knows no ${what} (${answer}). Check APIFY_API_URL.`;
  if (status === 401) {
    return `Apify refused the token (${answer}) at ${what}: look at ${tokenFrom}. A token is made at Apify Console → Settings → API & Integrations.`;
  }
  if (status === 403 && type === "platform-feature-disabled") {
    return `A limit of the account is reached, so Apify does not do ${what} (${answer}). The token is not the reason: see Apify Console → Billing for the limit, which can be raised there or starts again with the next usage cycle.`;
  }
  if (status === 403) {
    const whole = request.isRunList ? " Without the account's list of runs, nothing can be watched." : "";
    return `Apify does not let this token do ${what} (${answer}).${whole} Look at the permissions of the token from ${tokenFrom} (Apify Console → Settings → API & Integrations).`;
  }
  if (status === 429)
    return `Apify limits the rate of ${what} (${answer})${tries}. The next tick tries again.`;
  if (status >= 500) {
    return `Apify failed at ${what} (${answer})${tries}. The next tick tries again; if this persists, see https://status.apify.com.`;
  }
  return `Apify refused ${what} (${answer}).`;
}

/** Apify's own words on one line. An answer may repeat what it was sent. */
const quotable = (said: string, token: string | undefined): string =>
  (token ? said.replaceAll(token, "[token]") : said).replace(/\s+/g, " ");

/** Does any error of the chain hold the token? `fetch` quotes a header that it can't send. */
function mentions(error: unknown, token: string | undefined): boolean {
  if (!token) return false;
  let link = error;
  for (let depth = 0; link instanceof Error && depth < 10; depth++) {
    if (`${link.message} ${link.stack}`.includes(token)) return true;
    link = link.cause;
  }
  return link !== undefined && String(link).includes(token);
}
