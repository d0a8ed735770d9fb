import { ArnFormat, Stack } from "aws-cdk-lib";
import { Alarm, type AlarmProps, type IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";

/** What an alarm does when it rings, and when that is over. */
export interface Ringing {
  /** The topic that it notifies. */
  readonly topic: ITopic | undefined;
  /** What it does besides. */
  readonly actions: readonly IAlarmAction[];
}

/** An alarm that rings. */
export class RingingAlarm extends Construct {
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, { topic, actions, ...props }: AlarmProps & Ringing) {
    super(scope, id);
    this.alarm = new Alarm(this, "Alarm", props);
    const all = topic ? [new SnsAction(topic), ...actions] : actions;
    if (topic) letAlarmsPublish(topic, this);
    this.alarm.addAlarmAction(...all);
    this.alarm.addOkAction(...all);
  }
}

/**
 * A topic with a policy of its own lets nobody publish whom that does not name. Every alarm of this AWS account, as
 * without a policy: the topic may get those of others, too.
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
