import { Duration, Stack } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { EventSourceMapping, type IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { type ChannelSetting, COURIER_ENV, type OutboxSetting } from "../../functions/notifier-contract.ts";
import { BuiltFunction, type FunctionOptions } from "../built-function.ts";
import { acknowledgeKeyActions } from "../encryption.ts";
import { ChannelQueue } from "./channel-queue.ts";
import type { ChannelPlan } from "./channels.ts";

interface CourierProps extends FunctionOptions {
  readonly account: string;
  readonly channels: readonly ChannelPlan[];
}

const TIMEOUT = Duration.seconds(60);

/** Sends what waits for each channel, from a queue of the channel's own: one that is dead holds up no other. */
export class Courier extends Construct {
  readonly function: IFunction;
  /** What the notifier puts notices into. */
  readonly outboxes: readonly OutboxSetting[];
  /** What waits, by channel. */
  readonly queues: readonly IQueue[];
  /** What was tried long enough, by channel. */
  readonly givenUp: readonly IQueue[];

  constructor(scope: Construct, id: string, { account, channels, ...ofFunctions }: CourierProps) {
    super(scope, id);
    const { encryptionKey } = ofFunctions;
    const ways = channels.map((plan) => {
      const { queue, givenUp } = new ChannelQueue(this, plan.id, { timeout: TIMEOUT, encryptionKey });
      return { plan, queue, givenUp };
    });
    const settings = ways.map(
      ({ plan: { name, target }, queue, givenUp }): ChannelSetting => ({
        name,
        queueUrl: queue.queueUrl,
        givenUpUrl: givenUp.queueUrl,
        target,
      }),
    );
    const courier = new BuiltFunction(this, "Courier", {
      ...ofFunctions,
      name: "courier",
      description: `Sends notices of Apify runs of account "${account}"`,
      environment: {
        [COURIER_ENV.account]: account,
        [COURIER_ENV.stack]: Stack.of(this).stackName,
        [COURIER_ENV.channels]: Stack.of(this).toJsonString(settings),
      },
      memorySize: 256,
      timeout: TIMEOUT,
    });
    if (encryptionKey) acknowledgeKeyActions(courier);
    this.function = courier.function;
    this.queues = ways.map(({ queue }) => queue);
    this.givenUp = ways.map(({ givenUp }) => givenUp);
    this.outboxes = ways.map(({ plan: { name, kinds, target }, queue }) => ({
      name,
      channel: target.kind,
      queueUrl: queue.queueUrl,
      ...(kinds && { kinds }),
    }));
    for (const { plan, queue, givenUp } of ways) {
      plan.grant(courier);
      grantRedrive(courier, queue, givenUp);
      const receiving = queue.grantConsumeMessages(courier);
      const mapping = new EventSourceMapping(this, `${plan.id}Mapping`, {
        target: courier.function,
        eventSourceArn: queue.queueArn,
        // One message at a time: one that hangs takes no other along. As few at once as Lambda allows.
        batchSize: 1,
        maxConcurrency: 2,
        reportBatchItemFailures: true,
      });
      receiving.applyBefore(mapping);
    }
  }

  /** To put notices into the queues of all channels. */
  grantSend(notifier: IGrantable): void {
    for (const queue of this.queues) queue.grantSendMessages(notifier);
  }
}

/** What a redrive takes: to look how many there are, and to move them back. */
function grantRedrive(courier: BuiltFunction, queue: IQueue, givenUp: IQueue): void {
  queue.grantSendMessages(courier);
  givenUp.grant(
    courier,
    "sqs:GetQueueAttributes",
    "sqs:StartMessageMoveTask",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
  );
}
