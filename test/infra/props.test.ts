import { Duration, Lazy, Stack } from "aws-cdk-lib";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Key } from "aws-cdk-lib/aws-kms";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Topic } from "aws-cdk-lib/aws-sns";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { describe, expect, it } from "vitest";
import { readWatchdogEnv } from "../../functions/contract.ts";
import { RunWatchdog } from "../../infra/run-watchdog.ts";
import { createApp, nagged, watchdogWith } from "./support.ts";

type Props = Parameters<typeof watchdogWith>[0];

describe("RunWatchdog", () => {
  it.each<{ readonly says: string; readonly props: Props }>([
    {
      says: "maxRunTime must be whole seconds, at least one, got 0 seconds",
      props: { maxRunTime: Duration.seconds(0) },
    },
    {
      says: "maxRunTime must be whole seconds, at least one, got 0.01 seconds",
      props: { maxRunTime: Duration.millis(10) },
    },
    {
      says: "maxRunTime must be whole seconds, at least one, got 1.5 seconds",
      props: { maxRunTime: Duration.millis(1_500) },
    },
    {
      says: "maxUsdPerRun is checked before the deployment, got a value that only the deployment knows",
      props: { maxUsdPerRun: Lazy.number({ produce: () => 5 }) },
    },
    {
      says: "maxRunTime is checked before the deployment, got a value that only the deployment knows",
      props: { maxRunTime: Duration.minutes(Lazy.number({ produce: () => 5 })) },
    },
    {
      says: "maxUsdPerMonth is checked before the deployment, got a value that only the deployment knows",
      props: { maxUsdPerMonth: Lazy.number({ produce: () => 5 }) },
    },
    {
      says: 'account must be up to 64 letters, digits, dots, dashes or underscores, got "a b"',
      props: { account: "a b" },
    },
    { says: 'stopEmail must be an e-mail address, got "ops"', props: { stopEmail: "ops" } },
    {
      says: 'apifyApiUrl must be an https URL, or an http one of this machine, for example http://127.0.0.1:4010, got "api.apify.com"',
      props: { apifyApiUrl: "api.apify.com" },
    },
    {
      says: 'apifyApiUrl must be an https URL, or an http one of this machine, for example http://127.0.0.1:4010, got "http:foo"',
      props: { apifyApiUrl: "http:foo" },
    },
    {
      says: 'abortEndpoint must be actor-runs or acts, got "foo"',
      props: { abortEndpoint: "foo" as "acts" },
    },
    {
      says: "timeout must be from 15 to 300 whole seconds, got 301 seconds",
      props: { timeout: Duration.seconds(301) },
    },
    {
      says: "maxWait must be from 0 to 300 whole seconds, got 301 seconds",
      props: { maxWait: Duration.seconds(301) },
    },
    {
      says: "maxWait must be from 0 to 300 whole seconds, got 0.5 seconds",
      props: { maxWait: Duration.millis(500) },
    },
    {
      says: "timeout must be from 15 to 300 whole seconds, got 3 seconds",
      props: { timeout: Duration.seconds(3) },
    },
    {
      says: "timeout must be from 15 to 300 whole seconds, got 15.5 seconds",
      props: { timeout: Duration.millis(15_500) },
    },
    {
      says: 'got mode "enforce" without maxUsdPerRun, maxRunTime, maxUsdPerDay or maxUsdPerMonth: ',
      props: { mode: "enforce" },
    },
    { says: "got both policy and maxUsdPerRun: give one of them", props: { policy: {}, maxUsdPerRun: 5 } },
    { says: "got both policy and maxUsdPerDay: give one of them", props: { policy: {}, maxUsdPerDay: 5 } },
    { says: "got both policy and mode: give one of them", props: { policy: {}, mode: "enforce" } },
    {
      says: "got both stopEmail and stopTopic: give one of them",
      props: (stack) => ({ stopEmail: "ops@example.com", stopTopic: new Topic(stack, "Topic") }),
    },
    {
      says: "got both apifyTokenSecret and apifyTokenParameter: give one of them",
      props: (stack) => ({
        apifyTokenSecret: Secret.fromSecretNameV2(stack, "Secret", "apify"),
        apifyTokenParameter: StringParameter.fromStringParameterName(stack, "Parameter", "/apify"),
      }),
    },
  ])("refuses what can't be used: $says", ({ says, props }) => {
    expect(() => watchdogWith(props)).toThrow(says);
  });

  it.each([
    "every minute",
    "rate(1 minutes)",
    "rate(5 minute)",
    "rate(0 minutes)",
    "rate(30 seconds)",
    "rate(1.5 hours)",
    "at(2030-01-01T00:00:00)",
    "cron(0/5 6-22 * * ? *) ",
  ])("refuses a schedule that is neither a rate nor a cron: %s", (text) => {
    expect(() => watchdogWith({ schedule: ScheduleExpression.expression(text) })).toThrow(
      `schedule must be a rate, for example rate(1 minute) or rate(5 minutes), or a cron of six fields, for example cron(0/2 6-22 * * ? *), got "${text}"`,
    );
  });

  it.each([
    ["cron(* * * * *)", "it has 5 fields"],
    ["cron(* * * * * *)", "either the day of month or the day of week must be ?, and the other one not"],
    ["cron(0 8 ? * ? *)", "either the day of month or the day of week must be ?, and the other one not"],
    ["cron(60 8 * * ? *)", 'the minutes can\'t be "60"'],
    ["cron(0/0 8 * * ? *)", 'the minutes can\'t be "0/0"'],
    ["cron(0 24 * * ? *)", 'the hours can\'t be "24"'],
    ["cron(0 ? * * ? *)", 'the hours can\'t be "?"'],
    ["cron(0 8 0 * ? *)", 'the day of month can\'t be "0"'],
    ["cron(0 8 * JANUARY ? *)", 'the month can\'t be "JANUARY"'],
    ["cron(0 8 ? * 1-8 *)", 'the day of week can\'t be "1-8"'],
    ["cron(0 8 * * ? 1969)", 'the year can\'t be "1969"'],
  ])("refuses a cron that Scheduler would: %s, for %s", (text, why) => {
    expect(() => watchdogWith({ schedule: ScheduleExpression.expression(text) })).toThrow(
      `got "${text}": ${why}`,
    );
  });

  it.each([
    ScheduleExpression.rate(Duration.hours(1)),
    ScheduleExpression.rate(Duration.minutes(90)),
    ScheduleExpression.cron({}),
    ScheduleExpression.cron({ minute: "0/5", weekDay: "MON-FRI", hour: "8,12,16-18" }),
    ...[
      "cron(*/2 6-22 L * ? *)",
      "cron(0 8 15W jan-mar ? 2030/2)",
      "cron(0  8 ? * 6#3 *)",
      "cron(0 8 ? * FRIL *)",
    ].map((text) => ScheduleExpression.expression(text)),
  ])("takes a schedule that Scheduler takes: $expressionString", (schedule) => {
    expect(() => watchdogWith({ schedule })).not.toThrow();
  });

  it.each(["default", "a.b-c_d", "a b", "a#b", "", "x".repeat(64), "x".repeat(65)])(
    "takes the accounts that the function takes: %j",
    (account) => {
      // An empty variable is the same as none, but an empty prop is a slip.
      const env = { STATE_TABLE: "s", AUDIT_TABLE: "a", APIFY_TOKEN: "t", ACCOUNT: account || " " };
      const isTaken = (attempt: () => unknown) => {
        try {
          attempt();
          return true;
        } catch {
          return false;
        }
      };
      expect(isTaken(() => watchdogWith({ account }))).toBe(isTaken(() => readWatchdogEnv(env)));
    },
  );

  it("fits into a stack twice, and puts nothing outside itself", () => {
    const stack = new Stack(createApp(), "Stack");
    for (const account of ["acme", "initech"]) {
      new RunWatchdog(stack, account, { account, maxUsdPerRun: 5, stopEmail: "ops@example.com" });
    }
    expect(stack.node.children.map(({ node }) => node.id)).toEqual(["acme", "initech"]);
    Template.fromStack(stack).resourceCountIs("AWS::DynamoDB::GlobalTable", 4);
  });

  it("creates no table where both are given", () => {
    const { watchdog, template } = watchdogWith((stack) => ({
      stateTable: TableV2.fromTableName(stack, "State", "my-state"),
      auditTable: TableV2.fromTableName(stack, "Audit", "my-audit"),
    }));
    template().resourceCountIs("AWS::DynamoDB::GlobalTable", 0);
    expect([watchdog.stateTable.tableName, watchdog.auditTable.tableName]).toEqual(["my-state", "my-audit"]);
  });

  it.each<{ readonly name: string; readonly props: Props }>([
    { name: "by default", props: {} },
    { name: "with e-mail", props: { maxUsdPerRun: 5, stopEmail: "ops@example.com" } },
    {
      name: "with everything adopted",
      props: (stack) => ({
        apifyTokenParameter: StringParameter.fromSecureStringParameterAttributes(stack, "Token", {
          parameterName: "/apify/token",
        }),
        stateTable: TableV2.fromTableName(stack, "State", "my-state"),
        auditTable: TableV2.fromTableName(stack, "Audit", "my-audit"),
      }),
    },
    {
      name: "with the checkpoints of an adopted audit",
      props: (stack) => ({
        checkpointLog: LogGroup.fromLogGroupName(stack, "Checkpoints", "my-checkpoints"),
      }),
    },
    {
      name: "with a table that a key of its own encrypts",
      props: (stack) => ({
        auditTable: TableV2.fromTableAttributes(stack, "Audit", {
          tableArn: "arn:aws:dynamodb:eu-west-1:123456789012:table/audit",
          encryptionKey: Key.fromKeyArn(stack, "Key", "arn:aws:kms:eu-west-1:123456789012:key/some-key"),
        }),
      }),
    },
  ])("passes the checks of AWS Solutions: $name", ({ props }) => {
    const app = nagged(createApp());
    const stack = new Stack(app, "Stack");
    new RunWatchdog(stack, "Watchdog", typeof props === "function" ? props(stack) : props);
    expect(() => app.synth()).not.toThrow();
  });

  it("would fail these checks if it broke one of them", () => {
    const app = nagged(createApp());
    new Topic(new Stack(app, "Stack"), "Topic");
    expect(() => app.synth()).toThrow(/require publishers to use SSL/);
  });
});

describe("who is notified", () => {
  const warnings = (props: Parameters<typeof watchdogWith>[0]) =>
    Annotations.fromStack(watchdogWith(props).stack).findWarning(
      "*",
      Match.stringLikeRegexp("No one is notified"),
    );

  it("is missed at synth where there is no one, as a warning", () => {
    expect(warnings({ maxUsdPerRun: 5 })).toHaveLength(1);
    expect(warnings({ maxUsdPerRun: 5, stopEmail: "ops@example.com" })).toEqual([]);
  });
});
