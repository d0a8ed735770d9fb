import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Notifier } from "../../watchdog/notice.ts";

/** Publishes notices to an SNS topic, which passes them on to whoever has subscribed. */
export const snsTopic = (topicArn: string, client = new SNSClient({})): Notifier => ({
  async tell({ subject, text }) {
    await client.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: text }));
  },
});
