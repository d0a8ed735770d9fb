import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Tracing } from "aws-cdk-lib/aws-lambda";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import type { Construct } from "constructs";
import { nearest } from "../src/policy/index.ts";
import { adoptParameter, adoptSecret, adoptTable } from "./adopted.ts";
import type { AlarmName } from "./alarm-props.ts";
import type { RunWatchdogProps } from "./run-watchdog-props.ts";

/** How `-c name=value` on the command line, or `context` in cdk.json, becomes a prop. */
type Setting = (text: string, scope: Construct) => RunWatchdogProps;

const SETTINGS: Readonly<Record<string, Setting>> = {
  account: (account) => ({ account }),
  schedule: (text) => ({ schedule: ScheduleExpression.expression(text) }),
  maxUsdPerRun: (text) => ({ maxUsdPerRun: numberOf("maxUsdPerRun", text) }),
  maxRunTime: (text) => ({ maxRunTime: durationOf("maxRunTime", text) }),
  maxUsdPerDay: (text) => ({ maxUsdPerDay: numberOf("maxUsdPerDay", text) }),
  maxUsdPerMonth: (text) => ({ maxUsdPerMonth: numberOf("maxUsdPerMonth", text) }),
  mode: (text) => ({ mode: oneOf("mode", text, ["observe", "enforce"]) }),
  allowWeaker: (text) => ({ allowWeaker: numberOf("allowWeaker", text) }),
  stopEmail: (stopEmail) => ({ stopEmail }),
  apifyTokenSecret: (text, scope) => ({
    apifyTokenSecret: adoptSecret(scope, "ApifyTokenSecret", { setting: "apifyTokenSecret", text }),
  }),
  apifyTokenParameter: (text, scope) => ({
    apifyTokenParameter: adoptParameter(scope, "ApifyTokenParameter", {
      setting: "apifyTokenParameter",
      text,
    }),
  }),
  withoutAlarms: (text) => ({ withoutAlarms: text.split(",").map((name) => name.trim() as AlarmName) }),
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

function oneOf<T extends string>(name: string, text: string, wanted: readonly T[]): T {
  const found = wanted.find((each) => each === text);
  if (found === undefined) throw new Error(`${name} must be ${wanted.join(" or ")}, got "${text}"`);
  return found;
}

/** In days, of those that CloudWatch Logs takes. */
function retentionOf(text: string): RetentionDays {
  const days = Object.values(RetentionDays).filter((each) => typeof each === "number");
  const found = days.find((each) => String(each) === text && each !== RetentionDays.INFINITE);
  if (found === undefined)
    throw new Error(`logRetention must be days that CloudWatch Logs takes, such as 30 or 90, got "${text}"`);
  return found;
}

/** Decimal alone: JavaScript would read `0x10` as 16, which nobody means for an amount. */
function numberOf(name: string, text: string): number {
  if (!/^-?\d*\.?\d+$/.test(text))
    throw new Error(`${name} must be a number such as 5 or 0.25, got "${text}"`);
  return Number(text);
}

/** `6h`, `1d12h`, `90m`: as policies write it. */
function durationOf(name: string, text: string): Duration {
  const [whole, days = 0, hours = 0, minutes = 0, secs = 0] =
    /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
  if (whole === undefined) throw new Error(`${name} must be a time such as 6h, 90m or 1d12h, got "${text}"`);
  return Duration.seconds(((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(secs));
}
