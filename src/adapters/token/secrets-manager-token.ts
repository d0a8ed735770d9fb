import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Clock, TokenSource } from "../../watchdog/model/ports.ts";
import { AWS_CLIENT } from "./aws-client.ts";
import { awsFailure } from "./aws-failure.ts";
import { cachedToken } from "./cached-token.ts";
import { tokenIn } from "./token-text.ts";

/**
 * A secret of AWS Secrets Manager that is the token, or a JSON object with it. The client is
 * made at the first read. The SDK is imported outright all the same: in one bundled file an `import()` keeps esbuild
 * from shaking it, which makes a cold start slower (measured: +201 kB and +10 ms that way, +90 kB and +7 ms this way).
 */
export function secretsManagerToken(arn: string, clock: Clock, client?: SecretsManagerClient): TokenSource {
  const where = `the secret ${arn}`;
  let open = client;
  const read = async (): Promise<string> => {
    open ??= new SecretsManagerClient(AWS_CLIENT);
    const answer = await open.send(new GetSecretValueCommand({ SecretId: arn })).catch((error: unknown) => {
      const permission = "secretsmanager:GetSecretValue";
      throw awsFailure(error, { where, permission, setting: "APIFY_TOKEN_SECRET" });
    });
    return tokenIn(answer.SecretString ?? "", where);
  };
  return cachedToken(where, clock, read);
}
