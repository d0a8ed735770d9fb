import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Clock, TokenSource } from "../../watchdog/model/ports.ts";
import { cachedToken } from "./cached-token.ts";
import { secretReader } from "./read-secret.ts";
import { tokenIn } from "./token-text.ts";

/** A secret of AWS Secrets Manager that is the token, or a JSON object with it. */
export function secretsManagerToken(arn: string, clock: Clock, client?: SecretsManagerClient): TokenSource {
  const { where, read } = secretReader(arn, "APIFY_TOKEN_SECRET", client);
  return cachedToken(where, clock, async () => tokenIn(await read(), where));
}
