import { Duration, Validations } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { FilterCriteria, FilterRule, type IFunction, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource, SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { NOTIFIED_KINDS, NOTIFIER_ENV } from "../functions/contract.ts";
import { chainPartition, type EntryItem, PARTITION } from "../src/adapters/dynamodb/table.ts";
import { BuiltFunction, type FunctionOptions } from "./built-function.ts";
import { acknowledgeKeyActions } from "./encryption.ts";

interface StopNotifierProps extends FunctionOptions {
  readonly account: string;
  /** With its stream. */
  readonly auditTable: ITable;
  readonly topic: ITopic;
}

const KIND = "kind" satisfies keyof EntryItem;

/** Tells a topic of every stop and every notice that the audit records. */
export class StopNotifier extends Construct {
  readonly notifier: IFunction;
  /** Says which records of the stream could not be told, and when they were written. */
  readonly untold: IQueue;

  constructor(scope: Construct, id: string, props: StopNotifierProps) {
    super(scope, id);
    const { account, auditTable, topic, ...ofFunctions } = props;
    if (auditTable.tableStreamArn === undefined) {
      throw new Error(
        `auditTable "${auditTable.tableName}" has no stream that is known here, and stopEmail and stopTopic need it: ` +
          "give the setting the ARN of its stream; in an app import it with " +
          "TableV2.fromTableAttributes({ tableArn, tableStreamArn }), or make it with a stream of new and old images",
      );
    }

    const notifier = new BuiltFunction(this, "Notifier", {
      name: "notifier",
      description: `Tells of stops and notices of Apify runs of account "${account}"`,
      environment: { [NOTIFIER_ENV.stopTopic]: topic.topicArn },
      memorySize: 256,
      timeout: Duration.seconds(30),
      ...ofFunctions,
    });
    this.notifier = notifier.function;
    topic.grantPublish(notifier);
    if (props.encryptionKey) acknowledgeKeyActions(notifier);

    const untold = new Queue(this, "Untold", {
      ...(props.encryptionKey
        ? { encryption: QueueEncryption.KMS, encryptionMasterKey: props.encryptionKey }
        : { encryption: QueueEncryption.SQS_MANAGED }),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(untold).acknowledge({
      id: "AwsSolutions::AwsSolutions-SQS3",
      reason: "It is itself where the event source mapping puts what could not be told.",
    });

    this.untold = untold as IQueue;

    notifier.function.addEventSource(
      new DynamoEventSource(auditTable, {
        // Rather twice than never: what was written before the mapping was ready counts too.
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 10,
        bisectBatchOnError: true,
        retryAttempts: 10,
        maxRecordAge: Duration.hours(1),
        reportBatchItemFailures: true,
        onFailure: new SqsDlq(untold),
        filters: [
          FilterCriteria.filter({
            eventName: FilterRule.isEqual("INSERT"),
            dynamodb: {
              Keys: { [PARTITION]: { S: FilterRule.beginsWith(chainPartition(account, "")) } },
              NewImage: { [KIND]: { S: FilterRule.or(...NOTIFIED_KINDS) } },
            },
          }),
        ],
      }),
    );
  }
}
