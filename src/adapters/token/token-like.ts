import { ConfigError } from "../../watchdog/model/errors.ts";
import type { TokenSource } from "../../watchdog/model/ports.ts";

/** Apify's tokens: `apify_api_` and letters and digits, or from before that prefix 20 to 64 letters and digits. */
const LIKE_A_TOKEN = /^(apify_api_[A-Za-z0-9]+|[A-Za-z0-9]{20,64})$/;

/**
 * A token that leaves this process only if it looks like one of Apify's: where somebody else's settings say where it is, it may
 * be a password. Throws `ConfigError` without a word of it.
 */
export function onlyTokens(source: TokenSource): TokenSource {
  const checked = (token: string): string => {
    if (LIKE_A_TOKEN.test(token)) return token;
    throw new ConfigError(
      `What is in ${source.describe()} does not look like an Apify API token, so it was not sent to Apify: ` +
        "wanted apify_api_ and letters and digits, or 20 to 64 letters and digits. Put the token there, or set APIFY_TOKEN.",
    );
  };
  return {
    get: async () => checked(await source.get()),
    refresh: async () => checked(await source.refresh()),
    describe: () => source.describe(),
  };
}
