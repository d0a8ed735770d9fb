import { RemovalPolicy } from "aws-cdk-lib";
import { Tracing } from "aws-cdk-lib/aws-lambda";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import type { Construct } from "constructs";
import { nearest } from "../src/policy/index.ts";
import { adoptLogGroup, adoptParameter, adoptSecret, adoptTable } from "./adopted.ts";
import type { AlarmName } from "./alarm-props.ts";
import { NOTICE_SETTINGS } from "./notices/notice-settings.ts";
import { durationOf, listOf, numberOf, oneOf, type Setting } from "./props/setting.ts";
import type { RunWatchdogProps } from "./run-watchdog-props.ts";

const SETTINGS: Readonly<Record<string, Setting>> = {
  account: (account) => ({ account }),
  schedule: (text) => ({ schedule: ScheduleExpression.expression(text) }),
  maxUsdPerRun: (text) => ({ maxUsdPerRun: numberOf("maxUsdPerRun", text) }),
  maxRunTime: (text) => ({ maxRunTime: durationOf("maxRunTime", text) }),
  maxUsdPerDay: (text) => ({ maxUsdPerDay: numberOf("maxUsdPerDay", text) }),
  maxUsdPerMonth: (text) => ({ maxUsdPerMonth: numberOf("maxUsdPerMonth", text) }),
  mode: (text) => ({ mode: oneOf("mode", text, ["observe", "enforce"]) }),
  allowWeaker: (text) => ({ allowWeaker: numberOf("allowWeaker", text) }),
  allowHolds: (text) => ({ allowHolds: oneOf("allowHolds", text, ["true", "false"]) === "true" }),
  ...NOTICE_SETTINGS,
  apifyTokenSecret: (text, scope) => ({
    apifyTokenSecret: adoptSecret(scope, "ApifyTokenSecret", { setting: "apifyTokenSecret", text }),
  }),
  apifyTokenParameter: (text, scope) => ({
    apifyTokenParameter: adoptParameter(scope, "ApifyTokenParameter", {
      setting: "apifyTokenParameter",
      text,
    }),
  }),
  withoutAlarms: (text) => ({ withoutAlarms: listOf(text) as readonly AlarmName[] }),
  apifyApiUrl: (apifyApiUrl) => ({ apifyApiUrl }),
  abortEndpoint: (text) => ({ abortEndpoint: oneOf("abortEndpoint", text, ["actor-runs", "acts"]) }),
  memorySize: (text) => ({ memorySize: numberOf("memorySize", text) }),
  timeout: (text) => ({ timeout: durationOf("timeout", text) }),
  maxWait: (text) => ({ maxWait: durationOf("maxWait", text) }),
  logRetention: (text) => ({ logRetention: retentionOf(text) }),
  tracing: (text) => ({
    tracing: oneOf("tracing", text, ["true", "false"]) === "true" ? Tracing.ACTIVE : Tracing.DISABLED,
  }),
  stateTable: (text, scope) => ({
    stateTable: adoptTable(scope, "AdoptedState", { setting: "stateTable", text }),
  }),
  auditTable: (text, scope) => ({
    auditTable: adoptTable(scope, "AdoptedAudit", { setting: "auditTable", text }),
  }),
  checkpointLog: (text, scope) => ({
    checkpointLog: adoptLogGroup(scope, "AdoptedCheckpoints", { setting: "checkpointLog", text }),
  }),
  deployers: (text) => ({ deployers: listOf(text) }),
  /** Whether `cdk destroy` takes the tables and the logs with it. */
  trial: (text) =>
    oneOf("trial", text, ["true", "false"]) === "true" ? { removalPolicy: RemovalPolicy.DESTROY } : {},
};

export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS);

/** Context that the CDK reads or keeps for itself begins with an `@`, has a colon or a slash in its name, or is one of these. */
const OF_THE_CDK: readonly string[] = ["cli-telemetry", "acknowledged-issue-numbers"];
const isOfTheCdk = (name: string): boolean => /^@|[:/]/.test(name) || OF_THE_CDK.includes(name);

/** The props that the context asks for. A name that is no setting is an error: it may be a threshold with a slip in it. */
export function propsFromContext(scope: Construct): RunWatchdogProps {
  const names = Object.keys(scope.node.getAllContext()).filter((name) => !isOfTheCdk(name));
  const unknown = names.find((name) => !Object.hasOwn(SETTINGS, name));
  if (unknown !== undefined) {
    const guess = nearest(unknown, SETTING_NAMES);
    throw new Error(
      `there is no setting "${unknown}": ${guess ? `did you mean ${guess}? Settings are` : "use one of"} ${SETTING_NAMES.join(", ")}`,
    );
  }
  const props = Object.entries(SETTINGS).map(([name, setting]) => {
    const text = textFromContext(scope, name);
    return text === undefined ? {} : setting(text, scope);
  });
  return Object.assign({}, ...props);
}

/** What a setting says, if it is there. On the command line every value is a text; in cdk.json it may be a number. */
export function textFromContext(scope: Construct, name: string): string | undefined {
  const value: unknown = scope.node.tryGetContext(name);
  if (value === undefined) return undefined;
  const text = String(value).trim();
  if (text === "") throw new Error(`${name} is empty: give it a value, or leave it out`);
  return text;
}

/** In days, of those that CloudWatch Logs takes. */
function retentionOf(text: string): RetentionDays {
  const days = Object.values(RetentionDays).filter((each) => typeof each === "number");
  const found = days.find((each) => String(each) === text && each !== RetentionDays.INFINITE);
  if (found === undefined)
    throw new Error(
      `logRetention must be days that CloudWatch Logs takes, for example 30 or 90, got "${text}"`,
    );
  return found;
}
