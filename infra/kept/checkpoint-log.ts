import { RemovalPolicy } from "aws-cdk-lib";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { type ILogGroup, LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

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
export const grantCheckpointWrite = (log: ILogGroup, grantee: IGrantable): Grant =>
  grantOn(log, grantee, "logs:CreateLogStream", "logs:PutLogEvents");

export const grantCheckpointRead = (log: ILogGroup, grantee: IGrantable): Grant =>
  grantOn(log, grantee, "logs:FilterLogEvents");

const grantOn = (log: ILogGroup, grantee: IGrantable, ...actions: string[]): Grant =>
  Grant.addToPrincipal({ grantee, actions, resourceArns: [log.logGroupArn] });
