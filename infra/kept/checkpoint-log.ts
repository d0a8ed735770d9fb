import { RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { type ILogGroup, LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct, IConstruct } from "constructs";

interface CheckpointLogProps {
  /** With the audit, which is worth less without it. */
  readonly removalPolicy: RemovalPolicy;
  /**
   * @default - the key of CloudWatch Logs
   */
  readonly encryptionKey: IKey | undefined;
}

/** The log group that the audit's checkpoints go to. Its lines never expire, and no role of ours may delete any. */
export const createCheckpointLog = (
  scope: Construct,
  id: string,
  { removalPolicy, encryptionKey }: CheckpointLogProps,
): ILogGroup =>
  new LogGroup(scope, id, {
    retention: RetentionDays.INFINITE,
    removalPolicy,
    deletionProtectionEnabled: removalPolicy === RemovalPolicy.RETAIN,
    ...(encryptionKey && { encryptionKey }),
  });

/** New lines, and nothing else: what was written can be neither read, changed nor deleted. */
export function grantCheckpointWrite(log: ILogGroup, grantee: IGrantable & IConstruct): Grant {
  const arn = asNagShows(Stack.of(grantee).resolve(log.logGroupArn));
  if (arn.endsWith(":*")) {
    Validations.of(grantee).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::${arn}]`,
      reason: "The one log group: the ARN of one that is adopted is written so, for its streams.",
    });
  }
  return grantOn(log, grantee, "logs:CreateLogStream", "logs:PutLogEvents");
}

export const grantCheckpointRead = (log: ILogGroup, grantee: IGrantable): Grant =>
  grantOn(log, grantee, "logs:FilterLogEvents");

const grantOn = (log: ILogGroup, grantee: IGrantable, ...actions: string[]): Grant =>
  Grant.addToPrincipal({ grantee, actions, resourceArns: [log.logGroupArn] });

/** What only the deployment knows is `<AWS::Region>` or `<Id.Arn>` there. */
function asNagShows(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if ("Ref" in value) return `<${value.Ref}>`;
  if ("Fn::GetAtt" in value) return `<${[value["Fn::GetAtt"]].flat().join(".")}>`;
  if ("Fn::Join" in value && Array.isArray(value["Fn::Join"])) {
    const [separator, parts] = value["Fn::Join"];
    return parts.map(asNagShows).join(separator);
  }
  return JSON.stringify(value);
}
