import type { IKey } from "aws-cdk-lib/aws-kms";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import type { NoticeProps } from "../notice-props.ts";

interface StopTopicProps extends Pick<NoticeProps, "stopEmail" | "stopTopic"> {
  readonly account: string;
  /**
   * @default - the topic is not encrypted
   */
  readonly encryptionKey: IKey | undefined;
}

/** The topic that is given, or one that mails the one address. `undefined` where there is neither. */
export function stopTopicOf(
  scope: Construct,
  id: string,
  { account, stopEmail, stopTopic, encryptionKey }: StopTopicProps,
): ITopic | undefined {
  if (stopTopic !== undefined || stopEmail === undefined) return stopTopic;
  const topic = new Topic(scope, id, {
    displayName: `Apify runs of ${account}`,
    enforceSSL: true,
    ...(encryptionKey && { masterKey: encryptionKey }),
  });
  topic.addSubscription(new EmailSubscription(stopEmail));
  return topic;
}
