import middy from "@middy/core";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { snsTopic } from "../src/adapters/notify/sns-topic.ts";
import type { Entry } from "../src/watchdog/entry.ts";
import { type Notifier, noticeOf } from "../src/watchdog/notice.ts";
import { readNotifierEnv } from "./contract.ts";

const entryOf = ({ dynamodb }: DynamoDBRecord): Entry => JSON.parse(dynamodb?.NewImage?.text?.S ?? "null");

let notifier: Notifier | undefined;

/**
 * Tells of each entry in a batch of the audit's stream, in its order. On the first that can't be told it stops and names
 * it: the mapping tries again from there, so nothing is passed over.
 */
async function notify({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  notifier ??= snsTopic(readNotifierEnv(process.env).STOP_TOPIC);
  for (const record of Records) {
    try {
      await notifier.tell(noticeOf(entryOf(record)));
    } catch (error) {
      console.error(JSON.stringify({ message: "a notice could not be sent", error: String(error) }));
      return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? "" }] };
    }
  }
  return { batchItemFailures: [] };
}

export const handler = middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(notify);
