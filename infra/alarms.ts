import { ArnFormat, Duration, Stack } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { ATTENTION_METRIC } from "../functions/contract.ts";

interface AttentionAlarmProps {
  /** What the account is called in the audit. */
  readonly account: string;
  readonly logGroupName: string;
  /**
   * Who is told.
   *
   * @default - nobody: the alarm is to be seen in CloudWatch alone
   */
  readonly topic?: ITopic;
}

/** In alarm while ticks call for a person: there is no policy, or one can't be used, or an exemption can't be read. */
export class AttentionAlarm extends Construct {
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, { account, logGroupName, topic }: AttentionAlarmProps) {
    super(scope, id);
    const { namespace, name, dimension } = ATTENTION_METRIC;
    this.alarm = new Alarm(this, "Alarm", {
      alarmDescription:
        `The watchdog of Apify account "${account}" needs a person: it has no policy, or what it was given (a policy, an ` +
        "exemption, the Apify token, its settings) can't be used. It goes on with what it has, or stops nothing. " +
        `Look for "needs attention" in the log group ${logGroupName}, or at attention in the tick report: the reasons are ` +
        "there, each until it is mended. docs/operating.md says what to do about each.",
      metric: new Metric({
        namespace,
        metricName: name,
        dimensionsMap: { [dimension]: account },
        statistic: Stats.SUM,
        period: Duration.minutes(5),
      }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      // A tick that needs nobody emits nothing.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (topic === undefined) return;
    this.alarm.addAlarmAction(new SnsAction(topic));
    // A topic with a policy of its own lets nobody publish whom that does not name. Every alarm of this AWS account, as
    // without a policy: the topic may be told of others, too.
    const resource = { service: "cloudwatch", resource: "alarm", resourceName: "*" };
    const alarms = Stack.of(this).formatArn({ ...resource, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    topic.grantPublish(
      new ServicePrincipal("cloudwatch.amazonaws.com", {
        conditions: { ArnLike: { "aws:SourceArn": alarms } },
      }),
    );
  }
}
