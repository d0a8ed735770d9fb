import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Clock, TokenSource } from "../../watchdog/model/ports.ts";
import { AWS_CLIENT } from "./aws-client.ts";
import { awsFailure } from "./aws-failure.ts";
import { cachedToken } from "./cached-token.ts";
import { tokenIn } from "./token-text.ts";

/**
 * A parameter of AWS Systems Manager, a SecureString, that is the token or a JSON object with it. The client is made at
 * the first read; `secretsManagerToken` says why the SDK is imported outright.
 */
export function ssmParameterToken(name: string, clock: Clock, client?: SSMClient): TokenSource {
  const where = `the SSM parameter ${name}`;
  let open = client;
  const read = async (): Promise<string> => {
    open ??= new SSMClient(AWS_CLIENT);
    const command = new GetParameterCommand({ Name: name, WithDecryption: true });
    const answer = await open.send(command).catch((error: unknown) => {
      throw awsFailure(error, { where, permission: "ssm:GetParameter", setting: "APIFY_TOKEN_PARAMETER" });
    });
    return tokenIn(answer.Parameter?.Value ?? "", where);
  };
  return cachedToken(where, clock, read);
}
