import { type ITable, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { EventBus, type IEventBus } from "aws-cdk-lib/aws-events";
import { type ILogGroup, LogGroup } from "aws-cdk-lib/aws-logs";
import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import { type IStringParameter, StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";

/** What exists already, as a setting names it. A text that is no such name is refused: it would make roles for nothing. */
type Adopt<T> = (scope: Construct, id: string, named: Named) => T;

/** The setting that names it, for the error, and what it says. */
type Named = { readonly setting: string; readonly text: string };

const TABLE_NAME = /^[\w.-]{3,255}$/;
const TABLE_ARN = /^(arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]{3,255})(\/stream\/[\w:.-]+)?$/;

/** A table by its name, its ARN, or the ARN of its stream, from which both are known. */
export const adoptTable: Adopt<ITable> = (scope, id, { setting, text }) => {
  if (TABLE_NAME.test(text)) return TableV2.fromTableName(scope, id, text);
  const [, tableArn, stream] = TABLE_ARN.exec(text) ?? [];
  if (tableArn === undefined) {
    throw new Error(`${setting} must be a table's name, its ARN or the ARN of its stream, got "${text}"`);
  }
  return TableV2.fromTableAttributes(scope, id, { tableArn, ...(stream && { tableStreamArn: text }) });
};

const SECRET_NAME = /^[\w/+=.@-]{1,512}$/;
/** What Secrets Manager puts behind the name of every secret. */
const ARN_ENDING = /-[A-Za-z0-9]{6}$/;
const SECRET_ARN = /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+$/;

/** A secret by its name or its ARN. A name that ends as ARNs do can't be told from one when it is read, so it needs the ARN. */
export const adoptSecret: Adopt<ISecret> = (scope, id, { setting, text }) => {
  const endsLikeAnArn = ARN_ENDING.test(text);
  if (SECRET_ARN.test(text) && endsLikeAnArn) return Secret.fromSecretCompleteArn(scope, id, text);
  if (SECRET_NAME.test(text) && !endsLikeAnArn) return Secret.fromSecretNameV2(scope, id, text);
  throw new Error(
    `${setting} must be a secret's name or its whole ARN, which ends in a dash and six characters, got "${text}"` +
      (SECRET_NAME.test(text) ? ": a name that ends so is taken for an ARN, so give the ARN" : ""),
  );
};

const LOG_GROUP = /^[\w./#-]{1,512}$/;

/** A log group by its name. */
export const adoptLogGroup: Adopt<ILogGroup> = (scope, id, { setting, text }) => {
  if (!LOG_GROUP.test(text)) throw new Error(`${setting} must be a log group's name, got "${text}"`);
  return LogGroup.fromLogGroupName(scope, id, text);
};

const PARAMETER_NAME = /^(\/[\w./-]+|[\w.-]+)$/;

/** A SecureString parameter by its name. */
export const adoptParameter: Adopt<IStringParameter> = (scope, id, { setting, text }) => {
  if (!PARAMETER_NAME.test(text)) {
    throw new Error(`${setting} must be a parameter's name, for example /apify/token, got "${text}"`);
  }
  return StringParameter.fromSecureStringParameterAttributes(scope, id, { parameterName: text });
};

const BUS_NAME = /^[\w./-]{1,256}$/;
const BUS_ARN = /^arn:[\w-]+:events:[\w-]+:\d{12}:event-bus\/[\w./-]{1,256}$/;

/** An event bus by its name, which is `default` for the one that every account has, or by its ARN. */
export const adoptBus: Adopt<IEventBus> = (scope, id, { setting, text }) => {
  if (BUS_ARN.test(text)) return EventBus.fromEventBusArn(scope, id, text);
  if (BUS_NAME.test(text)) return EventBus.fromEventBusName(scope, id, text);
  throw new Error(`${setting} must be "default", or the name or the ARN of an event bus, got "${text}"`);
};
