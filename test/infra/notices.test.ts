import { Duration } from "aws-cdk-lib";
import { Annotations, Match, type Template } from "aws-cdk-lib/assertions";
import { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { EventBus } from "aws-cdk-lib/aws-events";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Topic } from "aws-cdk-lib/aws-sns";
import { describe, expect, it } from "vitest";
import { LONGEST_REQUEST_MS } from "../../src/adapters/notify/aws-client.ts";
import { PATIENCE_MS } from "../../src/adapters/notify/post-json.ts";
import { ENTRY_KINDS } from "../../src/watchdog/model/entry.ts";
import { textOf } from "./digest.ts";
import { propertiesOf, watchdogWith } from "./support.ts";

const MAPPING = "AWS::Lambda::EventSourceMapping";
const FUNCTION = "AWS::Lambda::Function";
const QUEUE = "AWS::SQS::Queue";

const withEmail = (props = {}) =>
  watchdogWith({ account: "acme", stopEmail: "ops@example.com", ...props }).template();
const SLACK = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack-AbCdEf";
const withMore = (props = {}) =>
  watchdogWith((stack) => ({
    stopEmail: "ops@example.com",
    eventBus: EventBus.fromEventBusName(stack, "Bus", "default"),
    slackSecret: Secret.fromSecretCompleteArn(stack, "Slack", SLACK),
    ...props,
  })).template();

/** The patterns by which a reader of the stream is asked about a record. */
const patternsOf = (template: Template, id: "Notifier" | "Bundled") =>
  propertiesOf(template, MAPPING, `WatchdogStops${id}`).FilterCriteria.Filters.map(
    ({ Pattern }: { Pattern: string }) => JSON.parse(Pattern),
  );
const kindsOf = (template: Template, id: "Notifier" | "Bundled"): readonly string[] =>
  patternsOf(template, id).flatMap(
    ({ dynamodb }: { dynamodb: { NewImage?: { kind: { S: string[] } } } }) => dynamodb.NewImage?.kind.S ?? [],
  );

describe("what reads the audit's stream", () => {
  it("takes what was changed or removed, of its account, though nobody is to be notified", () => {
    const template = watchdogWith({ account: "acme" }).template();
    expect(patternsOf(template, "Notifier")).toEqual([
      { eventName: ["MODIFY", "REMOVE"], dynamodb: { Keys: { pk: { S: [{ prefix: "acme#" }] } } } },
    ]);
    template.resourceCountIs(MAPPING, 1);
  });

  it("takes stops at once, and the rest in bundles, each with a window of its own", () => {
    const template = withEmail();
    expect(kindsOf(template, "Notifier")).toEqual(
      expect.arrayContaining(["abort.confirmed", "control.paused"]),
    );
    expect(kindsOf(template, "Bundled")).toEqual([
      "step.notified",
      "abort.held",
      "exemption.ending",
      "exemption.ended",
      "source.held",
      "source.released",
    ]);
    const windowOf = (id: string) =>
      propertiesOf(template, MAPPING, `WatchdogStops${id}`).MaximumBatchingWindowInSeconds;
    expect([windowOf("Notifier"), windowOf("Bundled")]).toEqual([5, 180]);
  });

  it("has a function for each mapping of the stream, as Lambda wants it, and never more than two", () => {
    const mappings = Object.values(withMore().findResources(MAPPING)).map(({ Properties }) => Properties);
    const ofStream = mappings.filter(({ StartingPosition }) => StartingPosition !== undefined);
    expect(ofStream).toHaveLength(2);
    expect(new Set(ofStream.map(({ FunctionName }) => textOf(FunctionName))).size).toBe(2);
  });

  it("takes every kind of entry where a program wants all, and none of what is announced without an entry", () => {
    const template = withMore();
    const kinds = [...kindsOf(template, "Notifier"), ...kindsOf(template, "Bundled")];
    const seenFirst = ENTRY_KINDS.filter((kind) => kind !== "audit.tampered");
    expect(kinds.toSorted()).toEqual(seenFirst.toSorted());
  });

  it("takes the kinds that channels want, and no reader that nothing wants", () => {
    const template = withEmail({ mailKinds: ["abort.confirmed", "policy.*"] });
    expect(kindsOf(template, "Notifier")).toEqual(["abort.confirmed", "policy.pushed", "policy.fell-back"]);
    expect(Object.keys(template.findResources(MAPPING)).filter((id) => id.includes("Bundled"))).toEqual([]);
  });

  it("begins at the first record that is left, is tried again but not for ever, and says what it had to leave", () => {
    const template = withEmail();
    for (const id of ["Notifier", "Bundled"]) {
      const mapping = propertiesOf(template, MAPPING, `WatchdogStops${id}`);
      expect(mapping).toMatchObject({
        StartingPosition: "TRIM_HORIZON",
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        MaximumRetryAttempts: 10,
        MaximumRecordAgeInSeconds: 86_400,
      });
      expect(textOf(mapping.DestinationConfig.OnFailure.Destination)).toMatch(/^WatchdogStopsUntold/);
    }
  });

  it("puts a digest aside that failed at every try, where the alarm for undelivered notices sees it", () => {
    const template = withEmail({ digest: "daily" });
    const tries = Object.values(template.findResources("AWS::Lambda::EventInvokeConfig")).find(
      ({ Properties }) => textOf(Properties.FunctionName).startsWith("WatchdogStopsNotifier"),
    )?.Properties;
    expect(tries.MaximumRetryAttempts).toBe(2);
    expect(textOf(tries.DestinationConfig.OnFailure.Destination)).toMatch(/^WatchdogStopsUntold/);
  });

  it("is there only once its role may read the stream, for its function is", () => {
    const template = withEmail();
    for (const id of ["Notifier", "Bundled"]) {
      const [reader] = Object.entries(template.findResources(FUNCTION)).filter(([each]) =>
        each.startsWith(`WatchdogStops${id}`),
      );
      expect(reader?.[1].DependsOn).toContainEqual(
        expect.stringContaining(`WatchdogStops${id}RoleDefaultPolicy`),
      );
      const mapping = propertiesOf(template, MAPPING, `WatchdogStops${id}`);
      expect(textOf(mapping.FunctionName)).toBe(reader?.[0]);
    }
  });

  it("reads the stream of an audit table that was adopted", () => {
    const tableStreamArn = "arn:aws:dynamodb:eu-west-1:123456789012:table/old/stream/2026-11-07T12:00:00.000";
    const { template } = watchdogWith((stack) => ({
      auditTable: TableV2.fromTableAttributes(stack, "Old", {
        tableArn: "arn:aws:dynamodb:eu-west-1:123456789012:table/old",
        tableStreamArn,
      }),
    }));
    expect(propertiesOf(template(), MAPPING).EventSourceArn).toBe(tableStreamArn);
  });

  it("says what to do where the adopted table's stream is not known: an error where notices need it, else a warning", () => {
    const old = (props = {}) =>
      watchdogWith((stack) => ({ auditTable: TableV2.fromTableName(stack, "Old", "old"), ...props }));
    expect(() => old({ stopEmail: "ops@example.com" })).toThrow(
      /auditTable "old" has no stream .* notices \(mail\) need it: .*fromTableAttributes/,
    );
    const { stack } = old();
    const warnings = Annotations.fromStack(stack).findWarning("*", Match.anyValue());
    expect(warnings.map(({ entry }) => String(entry.data)).join()).toMatch(
      /no alarm rings when an entry of the audit/,
    );
  });
});

describe("a channel", () => {
  it("has a queue of its own, and one for what it was tried with long enough", () => {
    const template = withMore();
    const queues = Object.entries(template.findResources(QUEUE));
    expect(queues).toHaveLength(7);
    for (const [id, { Properties }] of queues) {
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 });
      if (!/Queue[0-9A-F]{8}$/.test(id)) continue;
      const givenUp = textOf(Properties.RedrivePolicy.deadLetterTargetArn);
      expect(givenUp.slice(0, id.indexOf("Queue"))).toBe(id.slice(0, id.indexOf("Queue")));
      expect(Properties.RedrivePolicy.maxReceiveCount).toBe(10);
    }
    for (const { Properties } of Object.values(template.findResources("AWS::SQS::QueuePolicy")))
      expect(Properties.PolicyDocument.Statement).toMatchObject([
        { Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } },
      ]);
  });

  it("gets a message at a time, by a function that has the time for one that hangs", () => {
    const template = withEmail();
    expect(propertiesOf(template, MAPPING, "WatchdogStopsChannels")).toMatchObject({
      BatchSize: 1,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    const { Timeout } = propertiesOf(template, FUNCTION, "WatchdogStopsChannelsCourier");
    // A secret is read, a post hangs, the secret is read again, and the post hangs again.
    expect(Timeout * 1_000).toBeGreaterThan(2 * (LONGEST_REQUEST_MS + PATIENCE_MS));
    const { VisibilityTimeout } = propertiesOf(template, QUEUE, "WatchdogStopsChannelsMailQueue");
    expect(VisibilityTimeout).toBe(6 * Timeout);
  });

  it("is told to the courier with where it leads, and to the notifier with what it takes", () => {
    const template = withMore({ slackKinds: ["abort.*"] });
    const variable = (id: string, name: string) =>
      JSON.parse(textOf(propertiesOf(template, FUNCTION, id).Environment.Variables[name]));
    const channels = variable("WatchdogStopsChannelsCourier", "CHANNELS");
    expect(channels.map(({ name, target }: { name: string; target: object }) => [name, target])).toEqual([
      ["mail", { kind: "sns", topicArn: expect.stringMatching(/^WatchdogStopTopic/) }],
      ["events", { kind: "eventbridge", bus: expect.stringMatching(/:event-bus\/default$/) }],
      ["slack", { kind: "slack", secretArn: SLACK }],
    ]);
    const outboxes = variable("WatchdogStopsNotifier", "OUTBOXES");
    expect(outboxes[2]).toMatchObject({ name: "slack", channel: "slack", kinds: ["abort.*"] });
    for (const [index, { queueUrl }] of channels.entries()) expect(outboxes[index].queueUrl).toBe(queueUrl);
    expect(propertiesOf(template, FUNCTION, "WatchdogStopsNotifier").Environment.Variables.RUNNER).toBe(
      "npm run watchdog --",
    );
    expect(propertiesOf(template, FUNCTION, "WatchdogStopsNotifier").Environment.Variables.STACK_NAME).toBe(
      "Stack",
    );
  });

  it("by mail subscribes the address to a topic that takes messages over TLS only", () => {
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

  it("by mail uses the topic that was given", () => {
    const topicArn = "arn:aws:sns:eu-west-1:123456789012:stops";
    const { template } = watchdogWith((stack) => ({
      stopTopic: Topic.fromTopicArn(stack, "Topic", topicArn),
    }));
    template().resourceCountIs("AWS::SNS::Topic", 0);
    expect(
      textOf(propertiesOf(template(), FUNCTION, "WatchdogStopsChannels").Environment.Variables.CHANNELS),
    ).toContain(topicArn);
  });
});

describe("the digest", () => {
  it.each([
    { digest: "daily" as const, at: "cron(0 7 * * ? *)" },
    { digest: "weekly" as const, at: "cron(0 7 ? * MON *)" },
  ])("is made $digest, for the time that it was scheduled for, and tried again", ({ digest, at }) => {
    const { ScheduleExpression, ScheduleExpressionTimezone, Target } = propertiesOf(
      withEmail({ digest }),
      "AWS::Scheduler::Schedule",
      "WatchdogStopsDigest",
    );
    expect([ScheduleExpression, ScheduleExpressionTimezone]).toEqual([at, "Etc/UTC"]);
    expect(JSON.parse(Target.Input)).toEqual({ digest, time: "<aws.scheduler.scheduled-time>" });
    expect(Target.RetryPolicy).toEqual({ MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 21_600 });
    expect(
      propertiesOf(withEmail({ digest }), "AWS::Lambda::EventInvokeConfig", "WatchdogStopsNotifier"),
    ).toMatchObject({ MaximumRetryAttempts: 2 });
  });
});

describe("props of notices that can't be used", () => {
  it.each([
    { props: { mailKinds: ["abort.*"] }, says: "got mailKinds without stopEmail or stopTopic" },
    { props: { slackKinds: ["*"] }, says: "got slackKinds without slackSecret or slackParameter" },
    { props: { stopEmail: "a@b.c", mailKinds: ["abort.stopped"] }, says: 'or "*"; got "abort.stopped"' },
    { props: { stopEmail: "a@b.c", mailKinds: ["steps.*"] }, says: 'got "steps.*"' },
    { props: { stopEmail: "a@b.c", mailKinds: [] }, says: "mailKinds must be some of step.notified, " },
    {
      props: { bundleFor: Duration.minutes(6) },
      says: "bundleFor must be from 0 to 300 whole seconds, got 360",
    },
    { props: { digest: "daily" as const }, says: 'got digest "daily" without anybody to send it to' },
  ])("are refused: $says", ({ props, says }) => {
    expect(() => watchdogWith(props)).toThrow(says);
  });
});
