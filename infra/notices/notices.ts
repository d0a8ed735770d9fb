import { Annotations, Duration, Stack, Validations } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { ContextAttribute, ScheduleExpression, ScheduleTargetInput } from "aws-cdk-lib/aws-scheduler";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { type IQueue, Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { ANNOUNCED, kindsOf, NOTIFIER_ENV, type RoutedKind } from "../../functions/notifier-contract.ts";
import type { Noticing } from "../alarms/notice-alarms.ts";
import type { BuiltFunction, FunctionOptions } from "../built-function.ts";
import { FunctionSchedule } from "../function-schedule.ts";
import type { NoticeProps } from "../notice-props.ts";
import { grantAuditRead, grantNamesRead, grantTamperingMark } from "../table-grants.ts";
import { keptQueue } from "./channel-queue.ts";
import { type ChannelPlan, channelsOf } from "./channels.ts";
import { Courier } from "./courier.ts";
import { readStream } from "./read-stream.ts";
import { RUNNER } from "./runner.ts";
import { newEntries, tampered } from "./stream-filters.ts";

interface NoticesProps {
  readonly account: string;
  readonly stateTable: ITable;
  readonly auditTable: ITable;
  /** Who is notified of what. */
  readonly notices: NoticeProps;
  /** Where mail goes. */
  readonly topic: ITopic | undefined;
  readonly ofFunctions: FunctionOptions;
}

/** What one tick stops comes within seconds, and is one message. */
const AT_ONCE = Duration.seconds(5);

/** Every day, or on the first day of the week, in UTC. */
const DIGEST_AT = {
  daily: ScheduleExpression.cron({ minute: "0", hour: "7" }),
  weekly: ScheduleExpression.cron({ minute: "0", hour: "7", weekDay: "MON" }),
} as const;

/** Not announced by an entry on the stream: what was seen there itself, before it is one, and what is made on schedule. */
const WITHOUT_ENTRY: readonly RoutedKind[] = ["audit.tampered", "digest"];

/** The kinds of entries that some channel takes. */
function wantedBy(channels: readonly ChannelPlan[]): readonly RoutedKind[] {
  const kinds = channels.flatMap(({ target, kinds }) => kindsOf(target.kind, kinds));
  return [...new Set(kinds)].filter((kind) => !WITHOUT_ENTRY.includes(kind));
}

/** Announces what the audit records to people and programs, and notes when an entry of it is changed or removed. */
export class Notices extends Construct {
  /** What reads the audit's stream, where that is known. */
  readonly notifier?: IFunction;
  /** Says which records of the stream could not be announced, and when they were written. */
  readonly untold?: IQueue;
  /** What sends notices, if there is a channel. */
  readonly courier?: IFunction;
  /** What each channel has given up. */
  readonly givenUp: readonly IQueue[] = [];
  /** What alarms watch of it, where the stream is known. */
  readonly noticing?: Noticing;

  constructor(scope: Construct, id: string, props: NoticesProps) {
    super(scope, id);
    const { account, auditTable, stateTable, notices, topic, ofFunctions } = props;
    const channels = channelsOf(notices, topic);
    if (!this.#hasStream(auditTable, channels)) return;

    const untold = this.#untoldQueue(ofFunctions);
    this.untold = untold;
    const courier =
      channels.length === 0
        ? undefined
        : new Courier(this, "Channels", { account, channels, ...ofFunctions });
    if (courier) {
      this.courier = courier.function;
      this.givenUp = courier.givenUp;
    }

    const wanted = wantedBy(channels);
    const kindsWhen = (when: "at once" | "bundled") => wanted.filter((kind) => ANNOUNCED[kind].when === when);
    const [atOnce, bundled] = [kindsWhen("at once"), kindsWhen("bundled")];
    const common = {
      ...ofFunctions,
      auditTable,
      untold,
      environment: {
        [NOTIFIER_ENV.stateTable]: stateTable.tableName,
        [NOTIFIER_ENV.auditTable]: auditTable.tableName,
        [NOTIFIER_ENV.account]: account,
        [NOTIFIER_ENV.stack]: Stack.of(this).stackName,
        [NOTIFIER_ENV.runner]: RUNNER,
        [NOTIFIER_ENV.outboxes]: Stack.of(this).toJsonString(courier?.outboxes ?? []),
        [NOTIFIER_ENV.deadLetters]: untold.queueUrl,
      },
    };
    const first = readStream(this, "Notifier", {
      ...common,
      description: `Announces stops of Apify runs of account "${account}", and watches over its audit`,
      filters: [tampered(account), ...(atOnce.length === 0 ? [] : [newEntries(account, atOnce)])],
      window: AT_ONCE,
      batchSize: 100,
    });
    this.notifier = first.function;
    grantTamperingMark(stateTable, first, account);
    const others: BuiltFunction[] = [];
    if (bundled.length > 0) {
      const second = readStream(this, "Bundled", {
        ...common,
        description: `Announces together what can wait, of Apify runs of account "${account}"`,
        filters: [newEntries(account, bundled)],
        window: notices.bundleFor ?? Duration.minutes(3),
        batchSize: 500,
      });
      others.push(second);
    }
    for (const reader of [first, ...others]) {
      courier?.grantSend(reader);
      if (courier) grantNamesRead(stateTable, reader);
    }
    if (notices.digest) this.#digest(notices.digest, first, props);
    this.noticing = {
      readers: [first.function, ...others.map((reader) => reader.function)],
      waiting: courier?.queues ?? [],
      undelivered: [untold, ...this.givenUp],
    };
  }

  #hasStream({ tableStreamArn, tableName }: ITable, channels: readonly ChannelPlan[]): boolean {
    if (tableStreamArn !== undefined) return true;
    const problem = `auditTable "${tableName}" has no stream that is known here`;
    const remedy =
      "give the setting the ARN of its stream; in an app import it with " +
      "TableV2.fromTableAttributes({ tableArn, tableStreamArn }), or make it with a stream of new and old images";
    if (channels.length > 0) {
      const names = channels.map(({ name }) => name).join(", ");
      throw new Error(`${problem}, and notices (${names}) need it: ${remedy}`);
    }
    Annotations.of(this).addWarningV2(
      "apify-run-watchdog:noStream",
      `${problem}: no alarm rings when an entry of the audit is changed or removed. To watch over it, ${remedy}`,
    );
    return false;
  }

  #untoldQueue({ encryptionKey }: FunctionOptions): IQueue {
    const untold = new Queue(this, "Untold", keptQueue(encryptionKey));
    Validations.of(untold).acknowledge({
      id: "AwsSolutions::AwsSolutions-SQS3",
      reason: "It is itself where the notifier puts what it could not announce.",
    });
    return untold as IQueue;
  }

  #digest(digest: "daily" | "weekly", notifier: BuiltFunction, { account, auditTable }: NoticesProps): void {
    grantAuditRead(auditTable, notifier);
    new FunctionSchedule(this, "Digest", {
      schedule: DIGEST_AT[digest],
      function: notifier.function,
      description: `Sends the ${digest} digest of Apify runs of account "${account}"`,
      input: ScheduleTargetInput.fromObject({ digest, time: ContextAttribute.scheduledTime }),
      tries: { again: 3, for: Duration.hours(6) },
    });
  }
}
