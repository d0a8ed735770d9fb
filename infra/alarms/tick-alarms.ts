import { Duration } from "aws-cdk-lib";
import { MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import { attentionMetric, completeMetric } from "../metrics.ts";
import type { Named } from "./definition.ts";

export interface Ticking {
  /** What the account is called in the audit. */
  readonly account: string;
  readonly watchdog: { readonly function: IFunction; readonly logGroup: ILogGroup };
}

const FIVE_MINUTES = Duration.minutes(5);

/** Of the ticks: that they come to an end as they should. `gap`: the longest time between two of them, where that is known. */
export function ofTicks(ticking: Ticking, gap: Duration | undefined): readonly Named[] {
  const { account, watchdog } = ticking;
  const { logGroupName } = watchdog.logGroup;
  const whose = `the watchdog of Apify account "${account}"`;
  // One tick that fails is made good by the next. Where it is not known when that comes, each counts.
  const repeated = gap ? { period: gap, periods: { of: 3, rings: 2 } } : { period: FIVE_MINUTES };
  const { period, ...often } = repeated;
  return [
    [
      "attention",
      {
        id: "Attention",
        // As long as a tick says it, the next one must come before the period is over: else it would ring at each.
        metric: attentionMetric(emitterOf(ticking), { period: longer(gap, FIVE_MINUTES) }),
        threshold: 1,
        says:
          `T${whose.slice(1)} needs a person: no policy, or one, an exemption, the token or a setting that can't be used, or ` +
          "something that lasts. It goes on with what it has; what the reason names is not stopped meanwhile. " +
          `The reasons: "needs attention" in the log group ${logGroupName}.`,
      },
    ],
    [
      "errors",
      {
        id: "Errors",
        metric: watchdog.function.metricErrors({ period }),
        threshold: 1,
        ...often,
        says:
          `Ticks of ${whose} keep failing. Where all fail, nothing is stopped; where some do, stops come late. ` +
          `Why: "tick failed" in the log group ${logGroupName}.`,
      },
    ],
    [
      "throttles",
      {
        id: "Throttles",
        metric: watchdog.function.metricThrottles({ period }),
        threshold: 1,
        ...often,
        says:
          `AWS Lambda keeps turning away ticks of ${whose}, mostly because other functions use up the concurrency of the ` +
          "AWS account. A tick that is not run stops nothing.",
      },
    ],
  ];
}

const emitterOf = ({ account, watchdog }: Ticking) => ({ account, function: watchdog.function });

const longer = (a: Duration | undefined, b: Duration): Duration =>
  a && a.toSeconds() > b.toSeconds() ? a : b;

/** That there are complete ticks. It rings whatever the reason, also where the function is never invoked. */
export const ofCompleteTicks = (ticking: Ticking, gap: Duration): Named => [
  "no-complete-tick",
  {
    id: "NoCompleteTick",
    metric: new MathExpression({
      label: "complete ticks",
      expression: "FILL(complete, 0)",
      usingMetrics: { complete: completeMetric(emitterOf(ticking)) },
      period: gap,
    }),
    threshold: 1,
    isFloor: true,
    periods: { of: 3, rings: 3 },
    says:
      `The watchdog of Apify account "${ticking.account}" has not completed a tick for three periods of its schedule: it is not ` +
      "invoked, fails, or can't see, record or stop what it must. Until this alarm ends, runs that break the policy may go " +
      "on and cost money.",
  },
];
