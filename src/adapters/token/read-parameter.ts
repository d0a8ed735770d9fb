import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AWS_CLIENT } from "./aws-client.ts";
import { awsFailure } from "./aws-failure.ts";

/** How to read a parameter of AWS Systems Manager, a SecureString, as it is; `secretReader` says why the SDK is imported outright. */
export function parameterReader(name: string, setting: string, client?: SSMClient) {
  const where = `the SSM parameter ${name}`;
  let open = client;
  const read = async (): Promise<string> => {
    open ??= new SSMClient(AWS_CLIENT);
    const command = new GetParameterCommand({ Name: name, WithDecryption: true });
    const answer = await open.send(command).catch((error: unknown) => {
      throw awsFailure(error, { where, permission: "ssm:GetParameter", setting });
    });
    return answer.Parameter?.Value ?? "";
  };
  return { where, read };
}
