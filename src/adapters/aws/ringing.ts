import { CloudWatchClient, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { GetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import type {
  AlarmFacts,
  Deployment,
  Fact,
  ScheduleFacts,
} from "../../watchdog/model/deployed/deployment.ts";
import { ask, PATIENT } from "./ask.ts";
import { resourcesOf } from "./stacks.ts";

type Alarm = {
  readonly AlarmName?: string | undefined;
  readonly AlarmDescription?: string | undefined;
  readonly StateValue?: string | undefined;
  readonly StateUpdatedTimestamp?: Date | undefined;
  readonly ActionsEnabled?: boolean | undefined;
  readonly AlarmActions?: readonly string[] | undefined;
};

const alarmFacts = (alarm: Alarm): AlarmFacts => ({
  name: alarm.AlarmName ?? "",
  state: alarm.StateValue === "ALARM" || alarm.StateValue === "OK" ? alarm.StateValue : "INSUFFICIENT_DATA",
  ...(alarm.StateUpdatedTimestamp && { since: alarm.StateUpdatedTimestamp }),
  isSilenced: alarm.ActionsEnabled === false,
  hasActions: (alarm.AlarmActions ?? []).length > 0,
  description: alarm.AlarmDescription ?? "",
});

const readAlarms = (names: readonly string[]): Promise<Fact<readonly AlarmFacts[]>> =>
  ask(
    "cloudwatch:DescribeAlarms",
    async () => new CloudWatchClient(PATIENT),
    async (client) => {
      const input = {
        AlarmNames: [...names],
        AlarmTypes: ["MetricAlarm" as const, "CompositeAlarm" as const],
      };
      const found: AlarmFacts[] = [];
      for await (const page of paginateDescribeAlarms({ client }, input))
        found.push(...[...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])].map(alarmFacts));
      return found;
    },
  );

const readSchedule = (name: string): Promise<Fact<ScheduleFacts>> =>
  ask(
    "scheduler:GetSchedule",
    async () => new SchedulerClient(PATIENT),
    async (client) => {
      const { State, ScheduleExpression, Target } = await client.send(new GetScheduleCommand({ Name: name }));
      return {
        name,
        isEnabled: State === "ENABLED",
        expression: ScheduleExpression ?? "",
        target: Target?.Arn ?? "",
      };
    },
  );

/** What starts a stack's watchdog, what rings when it fails, and who hears of it. */
export const ringingFacts = (stack: string): Pick<Deployment, "schedules" | "alarms" | "subscribers"> => ({
  async schedules() {
    const names = await resourcesOf(stack, "AWS::Scheduler::Schedule");
    if (names.kind === "unknown") return names;
    const read = await Promise.all(names.value.map(readSchedule));
    const unread = read.find(({ kind }) => kind === "unknown");
    if (unread?.kind === "unknown") return unread;
    return { kind: "known", value: read.flatMap((each) => (each.kind === "known" ? each.value : [])) };
  },

  async alarms() {
    const metric = await resourcesOf(stack, "AWS::CloudWatch::Alarm");
    if (metric.kind === "unknown") return metric;
    const composite = await resourcesOf(stack, "AWS::CloudWatch::CompositeAlarm");
    if (composite.kind === "unknown") return composite;
    const names = [...metric.value, ...composite.value];
    // No names would mean all alarms that there are.
    return names.length === 0 ? { kind: "known", value: [] } : readAlarms(names);
  },

  subscribers: (topic) =>
    ask(
      "sns:GetTopicAttributes",
      async () => new SNSClient(PATIENT),
      async (client) => {
        const { Attributes = {} } = await client.send(new GetTopicAttributesCommand({ TopicArn: topic }));
        return {
          confirmed: Number(Attributes.SubscriptionsConfirmed ?? 0),
          pending: Number(Attributes.SubscriptionsPending ?? 0),
        };
      },
    ),
});
