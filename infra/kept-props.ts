import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";

/** Where the watchdog keeps what must outlive it. */
export interface KeptProps {
  /**
   * The table for mutable state: string keys `pk` and `sk`, time to live on `expiresAt`. Where it tells its
   * `encryptionKey`, the roles get to use that.
   *
   * @default - a table is created
   */
  readonly stateTable?: ITable;

  /**
   * The table for the audit. Notices need its stream, and so does the alarm on tampering. Made in this app, it gets the policy
   * that denies changes to what is written; on one that is only imported that is put by hand. Where it tells its
   * `encryptionKey`, the roles get to use that.
   *
   * @default - a table is created
   */
  readonly auditTable?: ITable;

  /**
   * The log group that the audit's daily checkpoints go to. With an adopted audit table give the one that its checkpoints are
   * in: `audit verify` misses them anywhere else.
   *
   * @default - a log group is created
   */
  readonly checkpointLog?: ILogGroup;

  /**
   * The roles that may change or delete the audit table, by their ARNs, `*` for any characters: that of CloudFormation must be
   * among them. The table's own policy denies it to everyone else, administrators included.
   *
   * @default - whoever IAM lets; without `removalPolicy` deletion protection stands against deleting it
   */
  readonly deployers?: readonly string[];
}
