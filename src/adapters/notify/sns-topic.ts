import { GetTopicAttributesCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Channel, Notice } from "../../watchdog/model/notice.ts";
import { AWS_CLIENT } from "./aws-client.ts";
import { mailOf } from "./mail.ts";

/** A subscription may filter by these; the first notice's kind stands for all of a message. */
const attributesOf = ([first]: readonly Notice[]) =>
  first && {
    kind: { DataType: "String", StringValue: first.kind },
    account: { DataType: "String", StringValue: first.account },
  };

/** How many have confirmed that they want to hear of it; unknown where that may not be read. */
async function subscribersOf(client: SNSClient, topicArn: string): Promise<number | undefined> {
  try {
    const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
    const confirmed = Number(Attributes?.SubscriptionsConfirmed);
    return Number.isSafeInteger(confirmed) ? confirmed : undefined;
  } catch {
    return undefined;
  }
}

/** Publishes to an SNS topic, which passes it on to whoever has subscribed: by mail, or otherwise. */
export function snsTopic(topicArn: string, client = new SNSClient(AWS_CLIENT)): Channel {
  return {
    async send(notices) {
      const { subject, text } = mailOf(notices);
      const MessageAttributes = attributesOf(notices);
      const { MessageId } = await client.send(
        new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: text, MessageAttributes }),
      );
      const said = `Amazon SNS took it as message ${MessageId}`;
      if (!notices.some(({ kind }) => kind === "test")) return { said };
      const reaches = await subscribersOf(client, topicArn);
      return { said, ...(reaches !== undefined && { reaches }) };
    },
  };
}
