import { readWatchdogEnv, WATCHDOG_ENV } from "../../functions/contract.ts";
import { AWS_CLIENT } from "../../src/adapters/token/aws-client.ts";
import type { Log } from "../../src/watchdog/model/ports.ts";
import type { Connection } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";
import { localUser } from "./local-folder.ts";
import { absentApify } from "./local-ports.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Which output of a stack goes where. The ids in front of a name are the construct's own. */
const OUTPUTS: readonly (readonly [RegExp, string])[] = [
  [/StateTable(Name)?$/, WATCHDOG_ENV.stateTable],
  [/AuditTable(Name)?$/, WATCHDOG_ENV.auditTable],
  [/Account$/, WATCHDOG_ENV.account],
  [/SecretArn$/, WATCHDOG_ENV.apifyTokenSecret],
  [/TokenParameter$/, WATCHDOG_ENV.apifyTokenParameter],
  [/ApifyApiUrl$/, WATCHDOG_ENV.apifyApiUrl],
];

const TOKENS = [WATCHDOG_ENV.apifyTokenSecret, WATCHDOG_ENV.apifyTokenParameter, WATCHDOG_ENV.apifyToken];

/** What the outputs of a stack say, as the environment would. */
export function envOfOutputs(
  outputs: readonly { readonly OutputKey?: string | undefined; readonly OutputValue?: string | undefined }[],
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { OutputKey = "", OutputValue } of outputs) {
    const name = OUTPUTS.find(([pattern]) => pattern.test(OutputKey))?.[1];
    if (name && OutputValue) env[name] = OutputValue;
  }
  return env;
}

async function envOfStack(stack: string): Promise<Record<string, string>> {
  const { CloudFormationClient, DescribeStacksCommand } = await import("@aws-sdk/client-cloudformation");
  const client = new CloudFormationClient(AWS_CLIENT);
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const env = envOfOutputs(Stacks[0]?.Outputs ?? []);
    if (env[WATCHDOG_ENV.stateTable] && env[WATCHDOG_ENV.auditTable]) return env;
    throw new UsageError(
      `The stack ${stack} has no outputs StateTable and AuditTable: is it the watchdog's? Its region is AWS_REGION's.`,
    );
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) {
      throw new UsageError(
        `There is no stack ${stack} in this account and region. Set AWS_REGION or AWS_PROFILE, or another --stack.`,
        { cause: error },
      );
    }
    throw error;
  } finally {
    client.destroy();
  }
}

/** The caller as AWS knows it; where AWS can't be asked, as this machine does. */
async function awsCaller(env: Env): Promise<string> {
  // Only DynamoDB is elsewhere: a local engine, so nobody to ask.
  if (env.AWS_ENDPOINT_URL_DYNAMODB && !env.AWS_ENDPOINT_URL && !env.AWS_ENDPOINT_URL_STS) return localUser();
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient({ ...AWS_CLIENT, maxAttempts: 1 });
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Arn ?? localUser();
  } catch {
    return localUser();
  } finally {
    client.destroy();
  }
}

/** The tables of a stack, or those that the environment names. An Apify token is needed only by what asks Apify. */
export async function connectAws(
  env: Env,
  { stack, account }: { readonly stack?: string | undefined; readonly account?: string | undefined },
  log: Log,
): Promise<Connection> {
  const ownToken = TOKENS.some((name) => env[name]);
  const fromStack = stack ? await envOfStack(stack) : {};
  if (ownToken) for (const name of TOKENS) delete fromStack[name];
  const whole: Env = { ...env, ...fromStack, ...(account && { ACCOUNT: account }) };
  const hasApify = TOKENS.some((name) => whole[name]);
  const { portsFrom } = await import("../../functions/runtime.ts");
  const ports = portsFrom(readWatchdogEnv(hasApify ? whole : { ...whole, APIFY_TOKEN: "none" }), log);
  const reason = `This needs Apify, and there is no token: set one of ${TOKENS.join(", ")}.`;
  return {
    ports: hasApify ? ports : { ...ports, apify: absentApify(reason) },
    where: stack ? `the tables of the stack ${stack}` : `the table ${whole.STATE_TABLE}`,
    hasApify,
    operator: () => awsCaller(env),
    close: async () => undefined,
  };
}
