import { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Topic } from "aws-cdk-lib/aws-sns";
import { describe, expect, it } from "vitest";
import { NOTIFIED_KINDS } from "../../functions/contract.ts";
import { LONGEST_TELL_MS } from "../../src/adapters/notify/sns-topic.ts";
import { propertiesOf, watchdogWith } from "./support.ts";

const MAPPING = "AWS::Lambda::EventSourceMapping";
const withEmail = () => watchdogWith({ account: "acme", stopEmail: "ops@example.com" }).template();

describe("telling of stops", () => {
  it("needs nothing where nobody is to be told", () => {
    const template = watchdogWith().template();
    for (const type of ["AWS::SNS::Topic", MAPPING, "AWS::SQS::Queue"]) template.resourceCountIs(type, 0);
  });

  it("subscribes the address to a topic that takes messages over TLS only", () => {
    const template = withEmail();
    template.hasResourceProperties("AWS::SNS::Subscription", {
      Protocol: "email",
      Endpoint: "ops@example.com",
    });
    const { PolicyDocument } = propertiesOf(template, "AWS::SNS::TopicPolicy");
    expect(PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    );
  });

  it("is asked about new entries of its account and of the kinds that it tells of", () => {
    const [filter, ...others] = propertiesOf(withEmail(), MAPPING).FilterCriteria.Filters;
    expect(others).toEqual([]);
    expect(JSON.parse(filter.Pattern)).toEqual({
      eventName: ["INSERT"],
      dynamodb: {
        Keys: { pk: { S: [{ prefix: "acme#" }] } },
        NewImage: { kind: { S: [...NOTIFIED_KINDS] } },
      },
    });
  });

  it("is tried again, but not for ever, and from the first that could not be told", () => {
    const template = withEmail();
    expect(propertiesOf(template, MAPPING)).toMatchObject({
      StartingPosition: "TRIM_HORIZON",
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 3600,
    });
    const [queue] = Object.keys(template.findResources("AWS::SQS::Queue"));
    expect(propertiesOf(template, MAPPING).DestinationConfig.OnFailure.Destination).toEqual({
      "Fn::GetAtt": [queue, "Arn"],
    });
  });

  it("has the time for at least one notice that hangs", () => {
    const { Timeout } = propertiesOf(withEmail(), "AWS::Lambda::Function", "WatchdogStops");
    expect(Timeout * 1_000).toBeGreaterThan(2 * LONGEST_TELL_MS);
  });

  it("keeps which could not be told for two weeks, encrypted, over TLS only", () => {
    const template = withEmail();
    expect(propertiesOf(template, "AWS::SQS::Queue")).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 86_400,
    });
    expect(propertiesOf(template, "AWS::SQS::QueuePolicy").PolicyDocument.Statement).toMatchObject([
      { Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ]);
  });

  it("uses the topic that was given", () => {
    const { template } = watchdogWith((stack) => ({
      stopTopic: Topic.fromTopicArn(stack, "Topic", "arn:aws:sns:eu-west-1:123456789012:stops"),
    }));
    template().resourceCountIs("AWS::SNS::Topic", 0);
    expect(propertiesOf(template(), "AWS::Lambda::Function", "WatchdogStops").Environment.Variables).toEqual({
      STOP_TOPIC: "arn:aws:sns:eu-west-1:123456789012:stops",
    });
  });

  it("reads the stream of an audit table that was adopted", () => {
    const tableStreamArn = "arn:aws:dynamodb:eu-west-1:123456789012:table/old/stream/2026-11-07T12:00:00.000";
    const { template } = watchdogWith((stack) => ({
      stopEmail: "ops@example.com",
      auditTable: TableV2.fromTableAttributes(stack, "Old", {
        tableArn: "arn:aws:dynamodb:eu-west-1:123456789012:table/old",
        tableStreamArn,
      }),
    }));
    expect(propertiesOf(template(), MAPPING).EventSourceArn).toBe(tableStreamArn);
  });

  it("says what to do where the adopted table's stream is not known", () => {
    expect(() =>
      watchdogWith((stack) => ({
        stopEmail: "ops@example.com",
        auditTable: TableV2.fromTableName(stack, "Old", "old"),
      })),
    ).toThrow(/auditTable "old" has no stream .*fromTableAttributes/);
  });
});
