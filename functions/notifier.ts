import middy from "@middy/core";
import type { Context, DynamoDBStreamEvent } from "aws-lambda";
import { auditRecordOf } from "../src/adapters/dynamodb/notifier/audit-record.ts";
import { announce } from "../src/watchdog/notify/announce.ts";
import { type DigestSpan, sendDigest } from "../src/watchdog/notify/send-digest.ts";
import { notifierPorts } from "./notifier-ports.ts";

/** The audit's stream, or the schedule of digests, which says for which time it is. */
type NotifierEvent = DynamoDBStreamEvent | { readonly digest: DigestSpan; readonly time: string };

let ports: ReturnType<typeof notifierPorts> | undefined;

/** Nothing is built before the first event, so that a bad environment fails with its reason. */
async function notify(event: NotifierEvent, { awsRequestId }: Context) {
  ports ??= notifierPorts(process.env);
  ports.log.begin(awsRequestId);
  if ("digest" in event) return sendDigest(ports, event.digest, new Date(event.time));
  const { account } = ports.place;
  try {
    await announce(
      ports,
      event.Records.map((record) => auditRecordOf(record, account)),
    );
    return { batchItemFailures: [] };
  } catch (error) {
    ports.log.warn("nothing of a batch could be announced: it is tried again", { error: String(error) });
    return { batchItemFailures: [{ itemIdentifier: event.Records[0]?.dynamodb?.SequenceNumber ?? "" }] };
  }
}

export const handler = middy<NotifierEvent>().handler(notify);
