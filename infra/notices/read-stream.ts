import { Duration } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { type FilterCriteria, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { DynamoEventSource, SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { BuiltFunction, type BuiltFunctionProps, type FunctionOptions } from "../built-function.ts";
import { acknowledgeKeyActions } from "../encryption.ts";

interface ReadStreamProps extends Pick<BuiltFunctionProps, "description" | "environment">, FunctionOptions {
  /** With its stream. */
  readonly auditTable: ITable;
  readonly filters: readonly ReturnType<typeof FilterCriteria.filter>[];
  /** For how long records are collected. */
  readonly window: Duration;
  /** How many records it gets at once, at most. */
  readonly batchSize: number;
  /** Where it is put aside which records could not be announced. */
  readonly untold: IQueue;
}

/**
 * A notifier that reads some of the audit's stream. Each reader is a function of its own: Lambda takes one mapping of a
 * stream to a function, and refuses another one with a different window. A stream takes two readers.
 */
export function readStream(scope: Construct, id: string, props: ReadStreamProps): BuiltFunction {
  const { auditTable, filters, window, batchSize, untold, ...rest } = props;
  const notifier = new BuiltFunction(scope, id, {
    ...rest,
    name: "notifier",
    memorySize: 256,
    timeout: Duration.seconds(60),
    // A digest is worth another try for some hours; a stream has tries of its own. Both are put aside in the end.
    retryAttempts: 2,
    maxEventAge: Duration.hours(6),
    onFailure: new SqsDestination(untold),
  });
  if (props.encryptionKey) acknowledgeKeyActions(notifier);
  notifier.function.addEventSource(
    new DynamoEventSource(auditTable, {
      // Rather twice than never: what was written before the mapping was ready counts too. Another position would also put
      // another mapping in the place of a deployed one, which Lambda refuses while that one is there.
      startingPosition: StartingPosition.TRIM_HORIZON,
      maxBatchingWindow: window,
      batchSize,
      bisectBatchOnError: true,
      retryAttempts: 10,
      // As long as the stream keeps them: none is given up for its age alone, also of those from before the mapping.
      maxRecordAge: Duration.days(1),
      reportBatchItemFailures: true,
      onFailure: new SqsDlq(untold),
      filters: [...filters],
    }),
  );
  return notifier;
}
