import { ArnFormat, Stack } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IAlarm,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";

interface AttentionAlarmProps extends Ringing {
  /** What the account is called in the audit. */
  readonly account: string;
  readonly logGroupName: string;
  /** Counts the ticks that call for a person; emitted by no other tick. */
  readonly metric: IMetric;
}

/** In alarm while ticks call for a person: there is no policy, or one can't be used, or an exemption can't be read. */
export class AttentionAlarm extends Construct {
  readonly alarm: IAlarm;

  constructor(scope: Construct, id: string, props: AttentionAlarmProps) {
    super(scope, id);
    const { account, logGroupName, metric, topic, actions } = props;
    const alarm = new Alarm(this, "Alarm", {
      alarmDescription:
        `The watchdog of Apify account "${account}" needs a person: it has no policy, or what it was given (a policy, an ` +
        "exemption, the Apify token, its settings) can't be used. It goes on with what it has, or stops nothing. " +
        `Look for "needs attention" in the log group ${logGroupName}, or at attention in the tick report: the reasons are ` +
        "there, each until it is mended. docs/operating.md says what to do about each.",
      metric,
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      // A tick that needs nobody emits nothing.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    ring(alarm, { topic, actions });
    this.alarm = alarm;
  }
}

/** What an alarm does when it rings: it tells a topic, if there is one, and takes actions besides. */
export interface Ringing {
  readonly topic: ITopic | undefined;
  readonly actions: readonly IAlarmAction[];
}

/** Lets an alarm ring. */
export function ring(alarm: Alarm, { topic, actions }: Ringing): void {
  if (topic) {
    alarm.addAlarmAction(new SnsAction(topic));
    letAlarmsPublish(topic, alarm);
  }
  alarm.addAlarmAction(...actions);
}

/**
 * A topic with a policy of its own lets nobody publish whom that does not name. Every alarm of this AWS account, as without
 * a policy: the topic may be told of others, too.
 */
function letAlarmsPublish(topic: ITopic, scope: Construct): void {
  const resource = { service: "cloudwatch", resource: "alarm", resourceName: "*" };
  const alarms = Stack.of(scope).formatArn({ ...resource, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  topic.grantPublish(
    new ServicePrincipal("cloudwatch.amazonaws.com", {
      conditions: { ArnLike: { "aws:SourceArn": alarms } },
    }),
  );
}
