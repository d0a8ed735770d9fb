import type { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Tracing } from "aws-cdk-lib/aws-lambda";
import type { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { IStringParameter } from "aws-cdk-lib/aws-ssm";
import type { AlarmProps } from "./alarm-props.ts";
import type { KeptProps } from "./kept-props.ts";
import type { NoticeProps } from "./notice-props.ts";

export interface RunWatchdogProps extends AlarmProps, KeptProps, NoticeProps {
  /**
   * The secret with the Apify API token: the bare token, or a JSON object with the key `token`.
   *
   * @default - a secret is created unless `apifyTokenParameter` is given; it holds no token until you put one there
   */
  readonly apifyTokenSecret?: ISecret;

  /**
   * The SecureString parameter with the Apify API token, instead of a secret.
   *
   * @default - the token is in a secret
   */
  readonly apifyTokenParameter?: IStringParameter;

  /**
   * What the watched Apify account is called in the tables and the audit. Keep it once there is an audit: another name
   * starts another one.
   *
   * @default "default"
   */
  readonly account?: string;

  /**
   * When to look at the account's runs: a rate or a cron expression, not a single time. Whatever happens between two looks is seen at
   * the second one.
   *
   * @default - once a minute
   */
  readonly schedule?: ScheduleExpression;

  /**
   * What one run may cost, in USD. A notice at 80 %, and at 100 % a stop, if `mode` is `enforce`.
   *
   * @default - a run may cost anything, unless a policy says otherwise
   */
  readonly maxUsdPerRun?: number;

  /**
   * How long one life of a run may take, in whole seconds. A notice at 80 %, and at 100 % a stop, if `mode` is `enforce`.
   *
   * @default - a run may take any time, unless a policy says otherwise
   */
  readonly maxRunTime?: Duration;

  /**
   * What all runs may cost together in a day, in USD, Standby's among them; it begins at midnight, UTC. A notice at 80 %. At
   * 100 %, if `mode` is `enforce`, live and new runs but Standby's are stopped until the day is over.
   *
   * @default - a day may cost anything, unless a policy says otherwise
   */
  readonly maxUsdPerDay?: number;

  /**
   * The same of a month, in USD.
   *
   * @default - a month may cost anything, unless a policy says otherwise
   */
  readonly maxUsdPerMonth?: number;

  /**
   * Whether breaches of the thresholds above are stopped, or only written down.
   *
   * @default - as in the policy in force; at first observe: everything is decided and written down, nothing is stopped
   */
  readonly mode?: "observe" | "enforce";

  /**
   * The version of the policy in force that this deployment's may weaken: leave out a rule of it, or take one from enforce to
   * observe. Without it such a policy is not adopted, and the alarm for attention rings.
   *
   * @default - no version
   */
  readonly allowWeaker?: number;

  /**
   * A policy document, instead of the thresholds above. It is checked as a push checks it, so no part of it may be a value
   * that only the deployment knows. It must fit into an environment variable; push a longer one with the command line.
   *
   * @default - the thresholds; without these nothing is stopped until a policy is pushed with the command line
   */
  readonly policy?: Readonly<Record<string, unknown>>;

  /**
   * Where the Apify API is.
   *
   * @default - Apify's own
   */
  readonly apifyApiUrl?: string;

  /**
   * Which of Apify's two abort endpoints to call: `acts` is the deprecated one.
   *
   * @default "actor-runs"
   */
  readonly abortEndpoint?: "actor-runs" | "acts";

  /**
   * The key that encrypts what is created here and keeps something: the tables, the token's secret, the topic, the queues
   * and the logs. A key of the same app gets to be used by CloudWatch and its logs; the policy of an imported one must allow
   * both, as docs/deploying.md shows.
   *
   * @default - keys that AWS owns or manages
   */
  readonly encryptionKey?: IKey;

  /**
   * Whether AWS X-Ray traces the functions.
   *
   * @default - they are not traced
   */
  readonly tracing?: Tracing;

  /**
   * Memory of the watchdog function, in MB. Its share of a CPU grows with it.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * How long one look may take, from 15 to 300 whole seconds. Its last eight are for winding up.
   *
   * @default Duration.seconds(90)
   */
  readonly timeout?: Duration;

  /**
   * For how long after its start a look may wait for a step of a rule that is about to be reached, to look just then: whole
   * seconds, 0 to never wait. It waits only when something is due, and at most until ten seconds before the timeout. Where
   * looks come less than once a minute, raise both to the time between two of them.
   *
   * @default Duration.seconds(60)
   */
  readonly maxWait?: Duration;

  /**
   * Whether the watchdog may disable schedules at Apify where a step of the policy says `do: hold`. The token then needs Write
   * on them, and Run on each Actor that they start. Without it, what a policy wants held is an attention.
   *
   * @default false
   */
  readonly allowHolds?: boolean;

  /**
   * How long the functions' logs are kept.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;

  /**
   * What becomes of the tables, the token's secret and the logs when the stack is deleted. Anything but `RETAIN` also takes the deletion
   * protection off the tables: for trials.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
