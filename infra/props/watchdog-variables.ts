import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { IStringParameter } from "aws-cdk-lib/aws-ssm";
import { WATCHDOG_ENV } from "../../functions/contract.ts";
import type { Pointer } from "../../functions/pointer.ts";
import type { RunWatchdogProps } from "../run-watchdog-props.ts";
import { policyVariable } from "./policy-variable.ts";

/** Where the function finds things: a part of what the command line is told, too. */
type Places = Pick<
  Pointer,
  | "account"
  | "stateTable"
  | "auditTable"
  | "checkpointLog"
  | "apifyTokenSecret"
  | "apifyTokenParameter"
  | "apifyApiUrl"
>;

type Kept = {
  readonly stateTable: ITable;
  readonly auditTable: ITable;
  readonly checkpointLog: ILogGroup;
};

export const placesOf = (
  account: string,
  { stateTable, auditTable, checkpointLog }: Kept,
  token: ISecret | IStringParameter,
  { apifyApiUrl }: Pick<RunWatchdogProps, "apifyApiUrl">,
): Places => ({
  account,
  stateTable: stateTable.tableName,
  auditTable: auditTable.tableName,
  checkpointLog: checkpointLog.logGroupName,
  ...("secretArn" in token
    ? { apifyTokenSecret: token.secretArn }
    : { apifyTokenParameter: token.parameterName }),
  ...(apifyApiUrl !== undefined && { apifyApiUrl }),
});

/** The environment of the watchdog function. Throws on a policy that it could not use. */
export function watchdogVariables(
  places: Places,
  props: RunWatchdogProps,
  maxWaitSecs: number,
): Readonly<Record<string, string>> {
  const variables: Readonly<Record<string, string | undefined>> = {
    [WATCHDOG_ENV.stateTable]: places.stateTable,
    [WATCHDOG_ENV.auditTable]: places.auditTable,
    [WATCHDOG_ENV.account]: places.account,
    [WATCHDOG_ENV.checkpointLog]: places.checkpointLog,
    [WATCHDOG_ENV.apifyTokenSecret]: places.apifyTokenSecret,
    [WATCHDOG_ENV.apifyTokenParameter]: places.apifyTokenParameter,
    [WATCHDOG_ENV.apifyApiUrl]: places.apifyApiUrl,
    [WATCHDOG_ENV.apifyAbortEndpoint]: props.abortEndpoint,
    [WATCHDOG_ENV.maxWait]: String(maxWaitSecs),
    [WATCHDOG_ENV.allowHolds]: props.allowHolds ? "true" : undefined,
    [WATCHDOG_ENV.policy]: policyVariable(props),
    [WATCHDOG_ENV.allowWeaker]: props.allowWeaker === undefined ? undefined : String(props.allowWeaker),
  };
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
