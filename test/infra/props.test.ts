import { Duration, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { TableV2 } from "aws-cdk-lib/aws-dynamodb";
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
    { says: "maxUsdPerRun must be an amount in USD above 0, got 0", props: { maxUsdPerRun: 0 } },
    { says: "maxUsdPerRun must be an amount in USD above 0, got -5", props: { maxUsdPerRun: -5 } },
    { says: "maxUsdPerRun must be an amount in USD above 0, got NaN", props: { maxUsdPerRun: Number.NaN } },
    {
      says: "maxRunTime must be at least a second, got 0 seconds",
      props: { maxRunTime: Duration.seconds(0) },
    },
    {
      says: "maxRunTime must be at least a second, got 10 millis",
      props: { maxRunTime: Duration.millis(10) },
    },
    {
      says: 'account must be up to 64 letters, digits, dots, dashes or underscores, got "a b"',
      props: { account: "a b" },
    },
    { says: 'stopEmail must be an e-mail address, got "ops"', props: { stopEmail: "ops" } },
    {
      says: 'apifyApiUrl must be a URL such as https://api.apify.com, got "api.apify.com"',
      props: { apifyApiUrl: "api.apify.com" },
    },
    { says: "timeout must be from 15 to 60 seconds, got 61", props: { timeout: Duration.seconds(61) } },
    { says: "timeout must be from 15 to 60 seconds, got 3", props: { timeout: Duration.seconds(3) } },
    { says: 'got mode "enforce" without maxUsdPerRun or maxRunTime', props: { mode: "enforce" } },
    { says: "got both policy and maxUsdPerRun: give one of them", props: { policy: {}, maxUsdPerRun: 5 } },
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
