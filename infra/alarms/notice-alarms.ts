import { Duration } from "aws-cdk-lib";
import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { tamperingMetric } from "../metrics.ts";
import { combined } from "./combined.ts";
import type { Named } from "./definition.ts";

/** What reads the audit, and where notices wait. */
export interface Noticing {
  /** The functions that read the audit's stream. The first one watches over the audit, too. */
  readonly readers: readonly [IFunction, ...IFunction[]];
  /** Queues in which nothing should be for long: of the channels. */
  readonly waiting: readonly IQueue[];
  /** Queues in which nothing should ever be: what could not be announced, and what each channel gave up. */
  readonly undelivered: readonly IQueue[];
}

const FIVE_MINUTES = Duration.minutes(5);
/** An entry is read within seconds, or with others of some minutes. What is older than this has been tried again and again. */
const LATE = Duration.minutes(10);
/** A message is sent within seconds, or with the next try or two, six minutes apart. */
const WAITS_LONG = Duration.minutes(15);

/** Of the notices: that they arrive, and that nobody changed what they are made of. */
export function ofNotices(account: string, noticing: Noticing): readonly Named[] {
  const { readers, waiting, undelivered } = noticing;
  const [notifier] = readers;
  const most = { statistic: Stats.MAXIMUM, period: FIVE_MINUTES };
  return [
    [
      "undelivered",
      {
        id: "Undelivered",
        metric: combined(
          "SUM",
          undelivered.map((queue) => queue.metricApproximateNumberOfMessagesVisible(most)),
          FIVE_MINUTES,
        ),
        threshold: 1,
        says:
          `Notices of Apify account "${account}" were given up. Runs were stopped, or came near a limit, without anybody being ` +
          "notified. They wait as dead letters for two weeks, and the audit has all of it.",
      },
    ],
    [
      "late-notices",
      {
        id: "LateNotices",
        metric: combined(
          "MAX",
          readers.map((reader) => reader.metric("IteratorAge", most)),
          FIVE_MINUTES,
        ),
        threshold: LATE.toMilliseconds(),
        says:
          `What reads the audit of Apify account "${account}" is more than ${LATE.toMinutes()} minutes behind: it keeps failing, or ` +
          "can't keep up. Runs are stopped all the same; notices of them come late, and so does the one of a changed audit.",
      },
    ],
    ...(waiting.length === 0 ? [] : [ofWaiting(account, waiting)]),
    [
      "tampering",
      {
        id: "Tampering",
        metric: tamperingMetric({ account, function: notifier }),
        threshold: 1,
        says:
          `Somebody changed or removed entries of the audit of Apify account "${account}". The watchdog never does. Until it ` +
          "is understood, what the audit says of stops and policies can't be relied on.",
      },
    ],
  ];
}

const ofWaiting = (account: string, waiting: readonly IQueue[]): Named => [
  "waiting-notices",
  {
    id: "WaitingNotices",
    metric: combined(
      "MAX",
      waiting.map((queue) =>
        queue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM, period: FIVE_MINUTES }),
      ),
      FIVE_MINUTES,
    ),
    threshold: WAITS_LONG.toSeconds(),
    says:
      `Notices of Apify account "${account}" have waited for more than ${WAITS_LONG.toMinutes()} minutes: a channel refuses them, or ` +
      "nothing sends them. Runs are stopped all the same; what isn't taken within about an hour is given up.",
  },
];
