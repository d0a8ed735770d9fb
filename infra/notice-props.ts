import type { Duration } from "aws-cdk-lib";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IStringParameter } from "aws-cdk-lib/aws-ssm";

/** Who is notified of what, and how. */
export interface NoticeProps {
  /**
   * An e-mail address that is notified of stops and of all that people should know. Amazon SNS sends it a confirmation first.
   *
   * @default - nobody gets mail, unless `stopTopic` is given; the audit has all of it all the same
   */
  readonly stopEmail?: string;

  /**
   * A topic for what `stopEmail` would get, instead of an e-mail address.
   *
   * @default - a topic is created when `stopEmail` is given
   */
  readonly stopTopic?: ITopic;

  /**
   * An event bus that gets an event for each notice, such as `EventBus.fromEventBusName(this, "Bus", "default")`.
   *
   * @default - no events
   */
  readonly eventBus?: IEventBus;

  /**
   * The secret with the URL of a Slack incoming webhook.
   *
   * @default - nothing is posted to Slack, unless `slackParameter` is given
   */
  readonly slackSecret?: ISecret;

  /**
   * The SecureString parameter with the URL of a Slack incoming webhook, instead of a secret.
   *
   * @default - the URL is in `slackSecret`, if anywhere
   */
  readonly slackParameter?: IStringParameter;

  /**
   * The secret of a webhook that each notice is posted to, signed: `{ "url": "https://…", "key": "whsec_…" }`.
   *
   * @default - nothing is posted, unless `webhookParameter` is given
   */
  readonly webhookSecret?: ISecret;

  /**
   * The SecureString parameter of a webhook, instead of a secret.
   *
   * @default - the webhook is in `webhookSecret`, if anywhere
   */
  readonly webhookParameter?: IStringParameter;

  /**
   * Which kinds of notices go by mail: `abort.confirmed`, `abort.*`, or `*` for all.
   *
   * @default - what people should know, as docs/notifications.md lists it
   */
  readonly mailKinds?: readonly string[];

  /**
   * Which kinds go to the event bus.
   *
   * @default - all
   */
  readonly eventKinds?: readonly string[];

  /**
   * Which kinds go to Slack.
   *
   * @default - as for mail
   */
  readonly slackKinds?: readonly string[];

  /**
   * Which kinds go to the webhook.
   *
   * @default - all
   */
  readonly webhookKinds?: readonly string[];

  /**
   * For how long notices that can wait are collected, to be sent together: up to 300 whole seconds. Stops never wait for it.
   *
   * @default Duration.minutes(3)
   */
  readonly bundleFor?: Duration;

  /**
   * Whether a digest is sent, at 07:00 UTC: every day of the day before, or every Monday of the week before.
   *
   * @default - no digest
   */
  readonly digest?: "daily" | "weekly";
}
