import type { IKey } from "aws-cdk-lib/aws-kms";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";

interface StopTopicProps {
  readonly account: string;
  readonly stopEmail: string;
  /**
   * @default - the topic is not encrypted
   */
  readonly encryptionKey: IKey | undefined;
}

/** A topic that mails one address. */
export function createStopTopic(
  scope: Construct,
  id: string,
  { account, stopEmail, encryptionKey }: StopTopicProps,
): ITopic {
  const topic = new Topic(scope, id, {
    displayName: `Apify runs of ${account}`,
    enforceSSL: true,
    ...(encryptionKey && { masterKey: encryptionKey }),
  });
  topic.addSubscription(new EmailSubscription(stopEmail));
  return topic;
}
