import middy from "@middy/core";
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { LONGEST_TELL_MS, snsTopic } from "../src/adapters/notify/sns-topic.ts";
import { printable } from "../src/policy/index.ts";
import { type Notifier, noticeOf } from "../src/watchdog/audit/notice.ts";
import { readNotifierEnv } from "./contract.ts";

/** Which entry and why; never its text. */
const log = (message: string, { dynamodb: { Keys, SequenceNumber } = {} }: DynamoDBRecord, error?: string) =>
  console.error(printable(JSON.stringify({ message, entry: Keys, record: SequenceNumber, error })));

/** `undefined` for what is no entry: no later try could read it either, and the others must not wait for it. */
function noticeIn(record: DynamoDBRecord): ReturnType<typeof noticeOf> | undefined {
  try {
    return noticeOf(JSON.parse(record.dynamodb?.NewImage?.text?.S ?? "null"));
  } catch {
    return void log("an entry can't be read and is passed over", record);
  }
}

let notifier: Notifier | undefined;

/** Tells of a batch in its order. From what can't be told, now or in the time left, the mapping tries again. */
async function notify({ Records }: DynamoDBStreamEvent, context: Partial<Context>) {
  notifier ??= snsTopic(readNotifierEnv(process.env).STOP_TOPIC);
  for (const record of Records) {
    const fromHere = { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? "" }] };
    if ((context.getRemainingTimeInMillis?.() ?? LONGEST_TELL_MS) < LONGEST_TELL_MS) return fromHere;
    try {
      const notice = noticeIn(record);
      if (notice) await notifier.tell(notice);
    } catch (error) {
      log("a notice could not be sent", record, String(error));
      return fromHere;
    }
  }
  return { batchItemFailures: [] };
}

export const handler = middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(notify);
