import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import type { RunWatchdogProps } from "./run-watchdog-props.ts";

/** How `-c name=value` on the command line, or `context` in cdk.json, becomes a prop. */
type Setting = (text: string, scope: Construct) => RunWatchdogProps;

const SETTINGS: Readonly<Record<string, Setting>> = {
  account: (account) => ({ account }),
  schedule: (text) => ({ schedule: ScheduleExpression.expression(text) }),
  maxUsdPerRun: (text) => ({ maxUsdPerRun: numberOf("maxUsdPerRun", text) }),
  maxRunTime: (text) => ({ maxRunTime: durationOf("maxRunTime", text) }),
  mode: (text) => ({ mode: oneOf("mode", text, ["observe", "enforce"]) }),
  stopEmail: (stopEmail) => ({ stopEmail }),
  apifyTokenSecret: (name, scope) => ({
    apifyTokenSecret: Secret.fromSecretNameV2(scope, "ApifyTokenSecret", name),
  }),
  apifyTokenParameter: (parameterName, scope) => ({
    apifyTokenParameter: StringParameter.fromSecureStringParameterAttributes(scope, "ApifyTokenParameter", {
      parameterName,
    }),
  }),
  apifyApiUrl: (apifyApiUrl) => ({ apifyApiUrl }),
  stateTable: (name, scope) => ({ stateTable: TableV2.fromTableName(scope, "AdoptedState", name) }),
  /** Its name, or the ARN of its stream. */
  auditTable: (text, scope) => ({ auditTable: auditTableOf(text, scope) }),
  /** Whether `cdk destroy` takes the tables and the logs with it. */
  trial: (text) =>
    oneOf("trial", text, ["true", "false"]) === "true" ? { removalPolicy: RemovalPolicy.DESTROY } : {},
};

export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS);

/** Context of the CDK itself has a colon, a slash or a dash in its name. */
const MAY_BE_OURS = /^\w+$/;

/** The props that the context asks for. A name that is no setting is an error: it may be a threshold with a slip in it. */
export function propsFromContext(scope: Construct): RunWatchdogProps {
  const context: Readonly<Record<string, unknown>> = scope.node.getAllContext();
  const unknown = Object.keys(context).find(
    (name) => MAY_BE_OURS.test(name) && !Object.hasOwn(SETTINGS, name),
  );
  if (unknown !== undefined) {
    throw new Error(`there is no setting "${unknown}": use one of ${SETTING_NAMES.join(", ")}`);
  }
  const props = Object.entries(SETTINGS)
    .filter(([name]) => context[name] !== undefined)
    .map(([name, setting]) => setting(textOf(name, context[name]), scope));
  return Object.assign({}, ...props);
}

/** On the command line every value is a text; in cdk.json it may be a number. */
function textOf(name: string, value: unknown): string {
  const text = String(value).trim();
  if (text === "") throw new Error(`${name} is empty: give it a value, or leave it out`);
  return text;
}

function oneOf<T extends string>(name: string, text: string, wanted: readonly T[]): T {
  const found = wanted.find((each) => each === text);
  if (found === undefined) throw new Error(`${name} must be ${wanted.join(" or ")}, got "${text}"`);
  return found;
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (Number.isNaN(number)) throw new Error(`${name} must be a number such as 5 or 0.25, got "${text}"`);
  return number;
}

/** `6h`, `1d12h`, `90m`: as policies write it. */
function durationOf(name: string, text: string): Duration {
  const [whole, days = 0, hours = 0, minutes = 0, secs = 0] =
    /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
  if (whole === undefined) throw new Error(`${name} must be a time such as 6h, 90m or 1d12h, got "${text}"`);
  return Duration.seconds(((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(secs));
}

function auditTableOf(text: string, scope: Construct) {
  const [tableArn = "", label] = text.split("/stream/");
  return label === undefined
    ? TableV2.fromTableName(scope, "AdoptedAudit", text)
    : TableV2.fromTableAttributes(scope, "AdoptedAudit", { tableArn, tableStreamArn: text });
}
