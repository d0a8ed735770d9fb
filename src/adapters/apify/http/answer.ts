import { type Failure, malformed } from "./failure.ts";
import { isObject, type Unread } from "./json.ts";
import type { TransportAnswer } from "./transport.ts";

export type Answer =
  | { readonly kind: "data"; readonly data: Unread }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Apify's error types are like `record-not-found`. Anything else in that place is not repeated in messages. */
const TYPE = /^[a-z0-9-]{1,80}$/i;

/**
 * What an HTTP answer says. Success is `{ data }` and an error `{ error: { type, message } }`, whatever the endpoint
 * (Apify's API reference). HTML comes from a proxy before Apify, so its status says nothing about token or run.
 */
export function readAnswer({ status, headers, body }: TransportAnswer): Answer {
  const failed = (failure: Failure): Answer => ({ kind: "failed", failure });
  const spoilt = (what: string): Answer => failed(malformed(status, what));
  if (isHtml(headers, body)) return spoilt("a page of HTML instead of JSON");
  if (status >= 300 && status < 400) {
    const reason = `${status} and a redirect, which is not followed`;
    return failed({ status, type: "redirected", retryable: false, reason });
  }
  const json = parsed(body);
  const { type, message } = errorOf(json);
  const refusal = (retryable: boolean): Answer => {
    const named = type ?? `http-${status}`;
    const reason = type === undefined ? `${status} without a reason` : `${status} ${type}`;
    return failed({
      status,
      type: named,
      retryable,
      reason,
      ...(message !== undefined && { said: message }),
    });
  };
  if (status === 429 || status >= 500) return refusal(true);
  if (status === 401 || status === 403) return refusal(false);
  if (json === undefined) return spoilt("something that is no JSON");
  // A 404 speaks of a run only in Apify's own words: another server's would make every run look gone.
  if (status === 404 && type === undefined) return spoilt("no error of Apify's");
  if (status >= 400) return refusal(false);
  if (!isObject(json) || !isObject(json.data)) return spoilt('JSON without "data"');
  return { kind: "data", data: json.data };
}

const isHtml = (headers: TransportAnswer["headers"], body: string): boolean =>
  /\bhtml\b/i.test(headers["content-type"] ?? "") || /^\s*</.test(body);

/** The parser's own error is dropped: it quotes the text around the mistake, and an answer may hold secrets. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function errorOf(json: unknown): { readonly type?: string; readonly message?: string } {
  const error = isObject(json) ? json.error : undefined;
  if (!isObject(error)) return {};
  const { type, message } = error;
  return {
    ...(typeof type === "string" && TYPE.test(type) && { type }),
    ...(typeof message === "string" && { message }),
  };
}
