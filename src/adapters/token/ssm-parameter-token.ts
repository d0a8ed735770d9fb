import type { SSMClient } from "@aws-sdk/client-ssm";
import type { Clock, TokenSource } from "../../watchdog/model/ports.ts";
import { cachedToken } from "./cached-token.ts";
import { parameterReader } from "./read-parameter.ts";
import { tokenIn } from "./token-text.ts";

/** A parameter of AWS Systems Manager, a SecureString, that is the token or a JSON object with it. */
export function ssmParameterToken(name: string, clock: Clock, client?: SSMClient): TokenSource {
  const { where, read } = parameterReader(name, "APIFY_TOKEN_PARAMETER", client);
  return cachedToken(where, clock, async () => tokenIn(await read(), where));
}
