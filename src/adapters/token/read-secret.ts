import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { AWS_CLIENT } from "./aws-client.ts";
import { awsFailure } from "./aws-failure.ts";

/**
 * How to read a secret of AWS Secrets Manager, as it is. The client is made at the first read. The SDK is imported outright all
 * the same: in one bundled file an `import()` keeps esbuild from shaking it, which makes a cold start slower (measured: +201 kB
 * and +10 ms that way, +90 kB and +7 ms this way). `setting`: the name of what says which secret, for messages.
 */
export function secretReader(arn: string, setting: string, client?: SecretsManagerClient) {
  const where = `the secret ${arn}`;
  let open = client;
  const read = async (): Promise<string> => {
    open ??= new SecretsManagerClient(AWS_CLIENT);
    const answer = await open.send(new GetSecretValueCommand({ SecretId: arn })).catch((error: unknown) => {
      throw awsFailure(error, { where, permission: "secretsmanager:GetSecretValue", setting });
    });
    return answer.SecretString ?? "";
  };
  return { where, read };
}
