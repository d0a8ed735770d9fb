import { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Topic } from "aws-cdk-lib/aws-sns";
import { describe, expect, it } from "vitest";
import { ATTENTION_METRIC } from "../../functions/contract.ts";
import { RunWatchdog } from "../../infra/run-watchdog.ts";
import { statementsIn, textOf } from "./digest.ts";
import { createApp, propertiesOf, watchdogWith } from "./support.ts";

const ALARM = "AWS::CloudWatch::Alarm";
const alarmOf = (props?: Parameters<typeof watchdogWith>[0]) =>
  propertiesOf(watchdogWith(props).template(), ALARM, "WatchdogAttention");

/** The statements of a topic's policy that let a service publish. */
const publishers = (template: Template) =>
  statementsIn(propertiesOf(template, "AWS::SNS::TopicPolicy").PolicyDocument).filter(
    ({ Effect }) => Effect === "Allow",
  );

describe("the alarm that the watchdog needs a person", () => {
  it("watches what the function emits, of its account alone", () => {
    expect(alarmOf({ account: "acme" })).toMatchObject({
      Namespace: ATTENTION_METRIC.namespace,
      MetricName: ATTENTION_METRIC.name,
      Dimensions: [
        { Name: ATTENTION_METRIC.dimension, Value: "acme" },
        { Name: ATTENTION_METRIC.emitter, Value: { Ref: expect.stringMatching(/^WatchdogFunction/) } },
      ],
    });
    expect(alarmOf().Dimensions[0]).toEqual({ Name: "account", Value: "default" });
  });

  it("is not shared by two deployments in a region that call their accounts the same", () => {
    const stack = new Stack(createApp(), "Stack");
    for (const id of ["Production", "Trial"]) new RunWatchdog(stack, id, { account: "acme" });
    const template = Template.fromStack(stack);
    const watched = Object.values(template.findResources(ALARM)).flatMap(({ Properties }) => {
      const { Metrics = [], ...metric } = Properties;
      const all = [
        metric,
        ...Metrics.map(({ MetricStat }: { MetricStat?: { Metric: object } }) => MetricStat?.Metric),
      ];
      return all
        .filter((each) => each?.MetricName)
        .map((each) => JSON.stringify([each.MetricName, each.Dimensions]));
    });
    expect(watched.length).toBeGreaterThan(8);
    expect(new Set(watched).size).toBe(watched.length);
  });

  it("rings at one call in five minutes, and is silent when there is none", () => {
    expect(alarmOf()).toMatchObject({
      Statistic: "Sum",
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "notBreaching",
    });
  });

  it("says what it means, where to look and what to do, in what CloudWatch takes for a description", () => {
    const description = textOf(alarmOf({ account: "acme" }).AlarmDescription);
    expect(description).toContain('The watchdog of Apify account "acme" needs a person');
    expect(description).toMatch(/"needs attention" in the log group WatchdogLogs\w+\./);
    expect(description).toContain("What to do: docs/runbook.md#attention");
    expect(description.length).toBeLessThan(1024 - 100);
  });

  it("tells nobody where nobody is to be told", () => {
    expect(alarmOf()).not.toHaveProperty("AlarmActions");
    expect(alarmOf()).not.toHaveProperty("OKActions");
  });

  it("tells the topic of stops, which lets alarms of this AWS account publish and nobody else's", () => {
    const template = watchdogWith({ stopEmail: "ops@example.com" }).template();
    const [topic] = Object.keys(template.findResources("AWS::SNS::Topic"));
    for (const { Properties } of Object.values(template.findResources(ALARM))) {
      expect(Properties.AlarmActions).toEqual([{ Ref: topic }]);
      expect(Properties.OKActions).toEqual([{ Ref: topic }]);
    }
    const [publisher, ...others] = publishers(template);
    expect(others).toEqual([]);
    expect(publisher).toMatchObject({
      Action: "sns:Publish",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Resource: { Ref: topic },
    });
    const text = "arn:AWS::Partition:cloudwatch:AWS::Region:AWS::AccountId:alarm:*";
    const condition = publisher?.Condition as { ArnLike: Record<string, unknown> } | undefined;
    expect(textOf(condition?.ArnLike["aws:SourceArn"])).toBe(text);
  });

  it("tells the topic that was given, of this app or of another", () => {
    const own = watchdogWith((stack) => ({ stopTopic: new Topic(stack, "Topic", { enforceSSL: true }) }));
    expect(publishers(own.template())).toHaveLength(1);
    const topicArn = "arn:aws:sns:eu-west-1:123456789012:stops";
    const foreign = alarmOf((stack) => ({ stopTopic: Topic.fromTopicArn(stack, "Topic", topicArn) }));
    expect(foreign.AlarmActions).toEqual([topicArn]);
  });

  it("is there for each of two watchdogs in one stack", () => {
    const stack = new Stack(createApp(), "Stack");
    for (const account of ["one", "two"]) new RunWatchdog(stack, account, { account });
    const alarms = Template.fromStack(stack).findResources(ALARM, {
      Properties: { MetricName: ATTENTION_METRIC.name },
    });
    expect(Object.keys(alarms)).toHaveLength(2);
  });
});
