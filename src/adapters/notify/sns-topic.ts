import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Notifier } from "../../watchdog/audit/notice.ts";

/** A publish that hangs is given up: it must fail by itself, and not take the notices before it along when Lambda ends. */
const SNS_CLIENT = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const;

/** No notice takes longer, sent or not: two attempts, each bounded, and the wait between them. */
export const LONGEST_TELL_MS = 11_000;

/** Publishes notices to an SNS topic, which passes them on to whoever has subscribed. */
export const snsTopic = (topicArn: string, client = new SNSClient(SNS_CLIENT)): Notifier => ({
  async tell({ subject, text }) {
    await client.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: text }));
  },
});
