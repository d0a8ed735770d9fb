import { readWatchdogEnv, WATCHDOG_ENV } from "../../functions/contract.ts";
import type { Pointer } from "../../functions/pointer.ts";
import { AWS_CLIENT } from "../../src/adapters/token/aws-client.ts";
import { onlyTokens } from "../../src/adapters/token/token-like.ts";
import type { Log } from "../../src/watchdog/model/ports.ts";
import type { Connection } from "../command.ts";
import { courierOf } from "./courier.ts";
import { localUser } from "./local-folder.ts";
import { absentApify } from "./local-ports.ts";
import { readStackPointer } from "./stack-pointer.ts";

type Env = Readonly<Record<string, string | undefined>>;

const TOKENS = [WATCHDOG_ENV.apifyTokenSecret, WATCHDOG_ENV.apifyTokenParameter, WATCHDOG_ENV.apifyToken];

/**
 * A watchdog as the function's environment would name it. Where the caller brings a token, that one counts, and goes where the
 * caller says; the stack's own goes nowhere but where the stack says.
 */
function envOfPointer(pointer: Pointer, env: Env): Env {
  const bringsToken = TOKENS.some((name) => env[name]);
  const { [WATCHDOG_ENV.apifyApiUrl]: callersUrl, ...others } = env;
  return {
    ...others,
    [WATCHDOG_ENV.stateTable]: pointer.stateTable,
    [WATCHDOG_ENV.auditTable]: pointer.auditTable,
    [WATCHDOG_ENV.account]: pointer.account,
    [WATCHDOG_ENV.checkpointLog]: pointer.checkpointLog,
    [WATCHDOG_ENV.apifyApiUrl]: (bringsToken && callersUrl) || pointer.apifyApiUrl,
    ...(!bringsToken && {
      [WATCHDOG_ENV.apifyTokenSecret]: pointer.apifyTokenSecret,
      [WATCHDOG_ENV.apifyTokenParameter]: pointer.apifyTokenParameter,
    }),
  };
}

/** The caller as AWS knows it; where AWS can't be asked, as this machine does. */
async function awsCaller(env: Env): Promise<string> {
  // Only DynamoDB is elsewhere: a local engine, so nobody to ask.
  if (env.AWS_ENDPOINT_URL_DYNAMODB && !env.AWS_ENDPOINT_URL && !env.AWS_ENDPOINT_URL_STS) return localUser();
  const { GetCallerIdentityCommand, STSClient } = await import("./clients/sts.ts");
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
  const pointer = stack === undefined ? undefined : await readStackPointer(stack, account);
  const whole = pointer ? envOfPointer(pointer, env) : { ...env, ...(account && { ACCOUNT: account }) };
  const hasApify = TOKENS.some((name) => whole[name]);
  const { portsFrom, tokenFrom } = await import("../../functions/runtime.ts");
  const settings = readWatchdogEnv(hasApify ? whole : { ...whole, APIFY_TOKEN: "none" });
  const token = tokenFrom(settings);
  // What the caller gives outright is the caller's to answer for.
  const guarded = pointer && settings.APIFY_TOKEN === undefined ? onlyTokens(token) : token;
  const ports = portsFrom(settings, log, {}, guarded);
  const reason = `This needs Apify, and there is no token: set one of ${TOKENS.join(", ")}.`;
  return {
    ports: hasApify ? ports : { ...ports, apify: absentApify(reason) },
    target: {
      kind: stack === undefined ? "environment" : "stack",
      name: stack ?? settings.STATE_TABLE,
      account: settings.ACCOUNT,
    },
    tables: { stateTable: settings.STATE_TABLE, auditTable: settings.AUDIT_TABLE },
    ...(pointer && { pointer }),
    hasApify,
    ...(hasApify && { apifyApiUrl: settings.APIFY_API_URL }),
    ...(pointer?.courierName !== undefined && { courier: courierOf(pointer.courierName) }),
    operator: () => awsCaller(env),
    close: async () => undefined,
  };
}
