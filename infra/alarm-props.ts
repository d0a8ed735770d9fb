import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";

/** The alarms that there are, each with a section of its name in docs/runbook.md. */
export type AlarmName =
  | "no-complete-tick"
  | "attention"
  | "errors"
  | "throttles"
  | "undelivered"
  | "late-notices"
  | "waiting-notices"
  | "tampering";

export interface AlarmProps {
  /**
   * What every alarm does when it rings and when that is over, besides notifying the topic of stops: an action that pages
   * somebody, for example.
   *
   * @default - alarms notify the topic of stops, if there is one
   */
  readonly alarmActions?: readonly IAlarmAction[];

  /**
   * Alarms to leave out. Without `no-complete-tick` a watchdog that has stopped working may go unnoticed.
   *
   * @default - all alarms are made
   */
  readonly withoutAlarms?: readonly AlarmName[];
}
