import { Annotations } from "aws-cdk-lib";
import { ComparisonOperator, type IAlarm, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import type { Construct } from "constructs";
import type { AlarmName, AlarmProps } from "../alarm-props.ts";
import { longestGap } from "./longest-gap.ts";
import { type Noticing, ofNotices } from "./notice-alarms.ts";
import { type Ringing, RingingAlarm } from "./ring.ts";
import { ofCompleteTicks, ofTicks, type Ticking } from "./tick-alarms.ts";

interface WatchdogAlarmsProps extends AlarmProps, Ticking, Pick<Ringing, "topic"> {
  readonly schedule: ScheduleExpression;
  /** Where the audit's stream is read. */
  readonly notices: Noticing | undefined;
}

const ringsBelow = {
  comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
  treatMissingData: TreatMissingData.BREACHING,
};
const ringsFrom = {
  comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  // Where there is nothing wrong, nothing is emitted.
  treatMissingData: TreatMissingData.NOT_BREACHING,
};

/** Makes the alarms of one watchdog. Returns them by name. */
export function createAlarms(scope: Construct, props: WatchdogAlarmsProps): ReadonlyMap<AlarmName, IAlarm> {
  const {
    account,
    alarmActions: actions = [],
    notices,
    schedule,
    topic,
    withoutAlarms: without = [],
  } = props;
  const gap = longestGap(schedule);
  if (gap === undefined && !without.includes("no-complete-tick")) warnOf(schedule, scope);
  const definitions = [
    ...(gap ? [ofCompleteTicks(props, gap)] : []),
    ...ofTicks(props, gap),
    ...(notices ? ofNotices(account, notices) : []),
  ];
  const made = new Map<AlarmName, IAlarm>();
  for (const [name, definition] of definitions) {
    if (without.includes(name)) continue;
    const { id, metric, threshold, says, isFloor, periods = { of: 1, rings: 1 } } = definition;
    const { alarm } = new RingingAlarm(scope, id, {
      alarmDescription: `${says} What to do: docs/runbook.md#${name}`,
      metric,
      threshold,
      evaluationPeriods: periods.of,
      datapointsToAlarm: periods.rings,
      ...(isFloor ? ringsBelow : ringsFrom),
      topic,
      actions,
    });
    made.set(name, alarm);
  }
  return made;
}

/** What CloudWatch can't watch is said before anything is deployed. */
const warnOf = ({ expressionString }: ScheduleExpression, scope: Construct): void =>
  Annotations.of(scope).addWarningV2(
    "apify-run-watchdog:unwatched",
    `the schedule "${expressionString}" leaves more than a day between two ticks, or is known only to the deployment, and ` +
      "CloudWatch watches no period of more than a day: no alarm will ring when ticks stop. Use a schedule that ticks every " +
      'day, or leave the alarm out, which also ends this warning: withoutAlarms: ["no-complete-tick"].',
  );
