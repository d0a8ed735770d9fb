import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Clock, TokenSource } from "../../watchdog/ports.ts";
import { AWS_CLIENT } from "./aws-client.ts";
import { awsFailure } from "./aws-failure.ts";
import { cachedToken } from "./cached-token.ts";
import { tokenIn } from "./token-text.ts";

/**
 * A secret of AWS Secrets Manager that is the token, or a JSON object with it. SDK and client are loaded at the first
 * read, so that they cost nothing where the token comes from elsewhere.
 */
export function secretsManagerToken(arn: string, clock: Clock, client?: SecretsManagerClient): TokenSource {
  const where = `the secret ${arn}`;
  let open = client;
  const read = async (): Promise<string> => {
    const { GetSecretValueCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
    open ??= new SecretsManagerClient(AWS_CLIENT);
    const answer = await open.send(new GetSecretValueCommand({ SecretId: arn })).catch((error: unknown) => {
      const permission = "secretsmanager:GetSecretValue";
      throw awsFailure(error, { where, permission, setting: "APIFY_TOKEN_SECRET" });
    });
    return tokenIn(answer.SecretString ?? "", where);
  };
  return cachedToken(where, clock, read);
}
