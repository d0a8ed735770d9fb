import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IStringParameter } from "aws-cdk-lib/aws-ssm";
import type { ChannelTarget, OutboxSetting } from "../../functions/notifier-contract.ts";
import { grantSecretRead } from "../apify-token.ts";
import type { NoticeProps } from "../notice-props.ts";

/** Where a channel leads to, and what lets the courier send there. */
type Way = { readonly target: ChannelTarget; grant(courier: IGrantable): void };

/** A way to people or programs, as the construct's props ask for it. */
export type ChannelPlan = Way & Pick<OutboxSetting, "name" | "kinds"> & { readonly id: string };

const toTopic = (topic: ITopic | undefined): Way | undefined =>
  topic && {
    target: { kind: "sns", topicArn: topic.topicArn },
    grant(grantee) {
      topic.grantPublish(grantee);
      // For a test, which says how many have confirmed that they want to hear of it.
      Grant.addToPrincipal({ grantee, actions: ["sns:GetTopicAttributes"], resourceArns: [topic.topicArn] });
    },
  };

const toBus = ({ eventBus }: NoticeProps): Way | undefined =>
  eventBus && {
    target: { kind: "eventbridge", bus: eventBus.eventBusArn },
    grant: (courier) => void eventBus.grantPutEventsTo(courier),
  };

const toSecret = (
  kind: "slack" | "webhook",
  secret: ISecret | IStringParameter | undefined,
): Way | undefined =>
  secret && {
    target:
      "secretArn" in secret
        ? { kind, secretArn: secret.secretArn }
        : { kind, parameterName: secret.parameterName },
    grant: (courier) => void grantSecretRead(secret, courier),
  };

/** The channels that the props ask for. `topic`: the one that was given, or made for `stopEmail`. */
export function channelsOf(props: NoticeProps, topic: ITopic | undefined): readonly ChannelPlan[] {
  const { slackSecret, slackParameter, webhookSecret, webhookParameter } = props;
  const ways = [
    { id: "Mail", name: "mail", way: toTopic(topic), kinds: props.mailKinds },
    { id: "Events", name: "events", way: toBus(props), kinds: props.eventKinds },
    {
      id: "Slack",
      name: "slack",
      way: toSecret("slack", slackSecret ?? slackParameter),
      kinds: props.slackKinds,
    },
    {
      id: "Webhook",
      name: "webhook",
      way: toSecret("webhook", webhookSecret ?? webhookParameter),
      kinds: props.webhookKinds,
    },
  ];
  return ways.flatMap(({ id, name, way, kinds }) =>
    way ? [{ id, name, ...way, ...(kinds && { kinds: [...kinds] }) }] : [],
  );
}
