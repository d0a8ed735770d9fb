import type { Template } from "aws-cdk-lib/assertions";
import { EventBus } from "aws-cdk-lib/aws-events";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { describe, expect, it } from "vitest";
import { TAMPERING_METRIC } from "../../functions/contract.ts";
import { textOf } from "./digest.ts";
import { propertiesOf, watchdogWith } from "./support.ts";

const ALARM = "AWS::CloudWatch::Alarm";
const SLACK = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack-AbCdEf";
const withEmail = () => watchdogWith({ stopEmail: "ops@example.com" }).template();
const withMore = () =>
  watchdogWith((stack) => ({
    stopEmail: "ops@example.com",
    eventBus: EventBus.fromEventBusName(stack, "Bus", "default"),
    slackSecret: Secret.fromSecretCompleteArn(stack, "Slack", SLACK),
  })).template();

describe("the alarms of notices", () => {
  const alarmOf = (template: Template, id: string) => propertiesOf(template, ALARM, `Watchdog${id}Alarm`);

  it("ring at the first entry that was changed or removed", () => {
    expect(alarmOf(watchdogWith({ account: "acme" }).template(), "Tampering")).toMatchObject({
      Namespace: TAMPERING_METRIC.namespace,
      MetricName: TAMPERING_METRIC.name,
      Dimensions: [
        { Name: TAMPERING_METRIC.dimension, Value: "acme" },
        {
          Name: TAMPERING_METRIC.emitter,
          Value: { Ref: expect.stringMatching(/^WatchdogStopsNotifierFunction/) },
        },
      ],
      Statistic: "Sum",
      Threshold: 1,
      EvaluationPeriods: 1,
      TreatMissingData: "notBreaching",
    });
  });

  /** What a combined alarm looks at. */
  const metricsOf = (template: Template, id: string) =>
    alarmOf(template, id).Metrics.flatMap(
      ({
        MetricStat,
      }: {
        MetricStat?: { Metric: { MetricName: string; Dimensions: { Value: unknown }[] } };
      }) =>
        MetricStat
          ? `${MetricStat.Metric.MetricName} ${textOf(MetricStat.Metric.Dimensions[0]?.Value).replace(/[0-9A-F]{8}.*/, "")}`
          : [],
    );

  it("ring at the first message that any channel gave up, and at what could not be announced", () => {
    const template = withMore();
    expect(metricsOf(template, "Undelivered")).toEqual(
      ["Untold", "ChannelsMailGivenUp", "ChannelsEventsGivenUp", "ChannelsSlackGivenUp"].map(
        (queue) => `ApproximateNumberOfMessagesVisible WatchdogStops${queue}`,
      ),
    );
    expect(alarmOf(template, "Undelivered").Metrics[0].Expression).toBe(
      "SUM([FILL(m0, 0), FILL(m1, 0), FILL(m2, 0), FILL(m3, 0)])",
    );
    expect(alarmOf(template, "Undelivered").Threshold).toBe(1);
  });

  it("look at one metric alone where there is one", () => {
    const alone = { MetricName: "ApproximateNumberOfMessagesVisible", Threshold: 1 };
    expect(alarmOf(watchdogWith().template(), "Undelivered")).toMatchObject(alone);
  });

  it("ring where a reader is ten minutes behind, or a message waits for fifteen", () => {
    const template = withMore();
    expect(metricsOf(template, "LateNotices")).toEqual(
      ["Notifier", "Bundled"].map((reader) => `IteratorAge WatchdogStops${reader}Function`),
    );
    expect(alarmOf(template, "LateNotices").Threshold).toBe(10 * 60 * 1_000);
    expect(metricsOf(template, "WaitingNotices")).toEqual(
      ["Mail", "Events", "Slack"].map(
        (channel) => `ApproximateAgeOfOldestMessage WatchdogStopsChannels${channel}Queue`,
      ),
    );
    expect(alarmOf(template, "WaitingNotices").Threshold).toBe(15 * 60);
  });

  it("notify the topic, where there is one", () => {
    for (const id of ["Tampering", "Undelivered", "LateNotices", "WaitingNotices"]) {
      const { AlarmActions, OKActions } = alarmOf(withEmail(), id);
      expect(textOf(AlarmActions[0])).toMatch(/^WatchdogStopTopic/);
      expect(OKActions).toEqual(AlarmActions);
    }
    expect(alarmOf(watchdogWith().template(), "Undelivered").AlarmActions).toBeUndefined();
  });
});
