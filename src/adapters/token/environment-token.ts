import type { TokenSource } from "../../watchdog/model/ports.ts";
import { tokenIn } from "./token-text.ts";

/** The token as given. Throws `ConfigError` at once when it can't be one. */
export function environmentToken(value: string): TokenSource {
  const where = "APIFY_TOKEN in the environment";
  const token = tokenIn(value, where);
  return { get: async () => token, refresh: async () => token, describe: () => where };
}
