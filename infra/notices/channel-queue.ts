import { Duration } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { type IQueue, Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

/** How often a message is tried before it is given up: for about an hour, each time after the one before has surely ended. */
const TRIES = 10;

/** SQS keeps nothing longer; what an incident over a long weekend left is still there on Monday. */
const KEPT = Duration.days(14);

/** Of a queue in which notices wait for a channel or for a person. */
export const keptQueue = (encryptionKey: IKey | undefined): QueueProps => ({
  ...(encryptionKey
    ? { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
    : { encryption: QueueEncryption.SQS_MANAGED }),
  enforceSSL: true,
  retentionPeriod: KEPT,
});

interface ChannelQueueProps {
  /** Of the function that reads it. */
  readonly timeout: Duration;
  /**
   * @default - a key of Amazon SQS
   */
  readonly encryptionKey: IKey | undefined;
}

/** What waits for one channel, and what of it was given up: no other channel waits for it. */
export class ChannelQueue extends Construct {
  readonly queue: IQueue;
  readonly givenUp: IQueue;

  constructor(scope: Construct, id: string, { timeout, encryptionKey }: ChannelQueueProps) {
    super(scope, id);
    const kept = keptQueue(encryptionKey);
    const givenUp = new Queue(this, "GivenUp", kept);
    const queue = new Queue(this, "Queue", {
      ...kept,
      visibilityTimeout: Duration.seconds(timeout.toSeconds() * 6),
      deadLetterQueue: { queue: givenUp, maxReceiveCount: TRIES },
    });
    this.queue = queue as IQueue;
    this.givenUp = givenUp as IQueue;
  }
}
