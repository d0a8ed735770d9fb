import { Duration } from "aws-cdk-lib";
import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { tamperingMetric } from "../metrics.ts";
import type { Named } from "./definition.ts";

/** What sends notices, and what it could not send. */
export interface Noticing {
  readonly notifier: IFunction;
  readonly untold: IQueue;
}

const FIVE_MINUTES = Duration.minutes(5);
/** A notice is sent within seconds. What is older than this has been tried again and again. */
const LATE = Duration.minutes(10);

/** Of the notices: that they arrive, and that nobody changed what they are made of. */
export function ofNotices(account: string, { notifier, untold }: Noticing): readonly Named[] {
  return [
    [
      "undelivered",
      {
        id: "Undelivered",
        metric: untold.metricApproximateNumberOfMessagesVisible({
          statistic: Stats.MAXIMUM,
          period: FIVE_MINUTES,
        }),
        threshold: 1,
        says:
          `Notices of Apify account "${account}" were given up after an hour of tries. Runs were stopped, or came near a ` +
          "limit, without anybody being notified. The audit has all of it.",
      },
    ],
    [
      "late-notices",
      {
        id: "LateNotices",
        metric: notifier.metric("IteratorAge", { statistic: Stats.MAXIMUM, period: FIVE_MINUTES }),
        threshold: LATE.toMilliseconds(),
        says:
          `Notices of Apify account "${account}" come more than ${LATE.toMinutes()} minutes late: sending keeps failing, or can't ` +
          "keep up. Runs are stopped all the same; what isn't sent within an hour is given up.",
      },
    ],
    [
      "tampering",
      {
        id: "Tampering",
        metric: tamperingMetric(account),
        threshold: 1,
        says:
          `Somebody changed or removed entries of the audit of Apify account "${account}". The watchdog never does. Until it ` +
          "is understood, what the audit says of stops and policies can't be relied on.",
      },
    ],
  ];
}
