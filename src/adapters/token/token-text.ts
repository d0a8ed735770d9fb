import { ConfigError } from "../../watchdog/model/errors.ts";

/** Where the token may stand in a secret that is a JSON object. The first that is there counts. */
const KEYS = ["token", "APIFY_TOKEN", "apifyToken"] as const;
/** What a bearer token may consist of (RFC 6750, section 2.1). Anything else could not be sent, or not only that. */
const BEARER_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * The token in a text as people store it: bare, with white space around it, or under a key of a JSON object. Throws
 * `ConfigError` on anything else; its message never holds any of the text, which may be a token all the same.
 */
export function tokenIn(text: string, where: string): string {
  const trimmed = text.trim();
  const token = trimmed.startsWith("{") ? tokenInJson(trimmed, where) : trimmed;
  if (token === "") throw new ConfigError(`${capital(where)} is empty: put an Apify API token there.`);
  if (BEARER_TOKEN.test(token)) return token;
  throw new ConfigError(
    `${capital(where)} holds something that is no Apify API token: a quote, white space or another character that no ` +
      `token has. Put the bare token there, or a JSON object with the key "${KEYS[0]}".`,
  );
}

function tokenInJson(text: string, where: string): string {
  const wanted = `Put the bare Apify API token there, or a JSON object with one of the keys ${KEYS.join(", ")}.`;
  let object: Readonly<Record<string, unknown>>;
  try {
    object = JSON.parse(text);
  } catch {
    // Without its cause: the parser quotes the text around the mistake.
    throw new ConfigError(`${capital(where)} begins like JSON but is not. ${wanted}`);
  }
  const token = KEYS.map((key) => object[key]).find((value) => typeof value === "string");
  if (typeof token === "string") return token.trim();
  throw new ConfigError(`${capital(where)} is JSON without a token. ${wanted}`);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
