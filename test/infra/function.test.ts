import { Duration, Lazy, RemovalPolicy, Stack } from "aws-cdk-lib";
import { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { describe, expect, it } from "vitest";
import { documentOf, readWatchdogEnv } from "../../functions/contract.ts";
import { BuiltFunction } from "../../infra/built-function.ts";
import { parsePolicy } from "../../src/policy/index.ts";
import { ABORT } from "../support/policies.ts";
import { textOf } from "./digest.ts";
import { createApp, propertiesOf, resourcesOf, watchdogWith } from "./support.ts";

const FUNCTION = "AWS::Lambda::Function";
const INVOKE = "AWS::Lambda::EventInvokeConfig";

type Props = Parameters<typeof watchdogWith>[0];
const functionOf = (props?: Props) =>
  propertiesOf(watchdogWith(props).template(), FUNCTION, "WatchdogFunction");
const environmentOf = (props?: Props): Record<string, string> =>
  Object.fromEntries(
    Object.entries(functionOf(props).Environment.Variables).map(([name, value]) => [name, textOf(value)]),
  );

describe("what invokes a function", () => {
  it("comes after the policies that it and the function need: else what is invoked meanwhile would be refused", () => {
    const resources = resourcesOf(watchdogWith({ stopEmail: "ops@example.com", digest: "daily" }).template());
    const of = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);
    const policies = of("AWS::IAM::Policy").map(([id]) => id);
    const functions = of("AWS::Lambda::Function");
    expect(functions).toHaveLength(4);
    for (const [id, { DependsOn = [] }] of [...functions, ...of("AWS::Scheduler::Schedule")])
      expect(
        DependsOn.some((each) => policies.includes(each)),
        id,
      ).toBe(true);
    const mappings = of("AWS::Lambda::EventSourceMapping");
    expect(mappings).toHaveLength(3);
    const names = functions.map(([id]) => ({ Ref: id }));
    for (const [id, { Properties }] of mappings) expect(names, id).toContainEqual(Properties?.FunctionName);
  });
});

describe("the watchdog function", () => {
  it("runs on arm64 and the newest Node.js of Lambda, for a minute and a half at most", () => {
    expect(functionOf()).toMatchObject({
      Architectures: ["arm64"],
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      MemorySize: 256,
      Timeout: 90,
    });
  });

  it("reserves no concurrency: ticks may overlap", () => {
    expect(functionOf().ReservedConcurrentExecutions).toBeUndefined();
  });

  it("takes the caller's memory, timeout and log retention over the defaults", () => {
    const { template } = watchdogWith({
      memorySize: 1024,
      timeout: Duration.seconds(30),
      logRetention: RetentionDays.ONE_WEEK,
    });
    expect(propertiesOf(template(), FUNCTION, "WatchdogFunction")).toMatchObject({
      MemorySize: 1024,
      Timeout: 30,
    });
    const kept = Object.entries(template().findResources("AWS::Logs::LogGroup"))
      .filter(([id]) => !id.startsWith("WatchdogCheckpoints"))
      .map(([, { Properties }]) => Properties.RetentionInDays);
    expect(new Set(kept)).toEqual(new Set([7]));
  });

  it("is invoked every minute; what fails or comes late is never tried again", () => {
    const template = watchdogWith({ stopEmail: "ops@example.com" }).template();
    const {
      ScheduleExpression: expression,
      Target,
      State,
    } = propertiesOf(template, "AWS::Scheduler::Schedule");
    expect({ expression, State }).toEqual({ expression: "rate(1 minute)", State: "ENABLED" });
    expect(Target.RetryPolicy).toEqual({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
    expect(propertiesOf(template, INVOKE, "WatchdogFunction")).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  it("follows a cron expression as well", () => {
    const { template } = watchdogWith({ schedule: ScheduleExpression.cron({ minute: "0/5", hour: "6-22" }) });
    expect(propertiesOf(template(), "AWS::Scheduler::Schedule").ScheduleExpression).toBe(
      "cron(0/5 6-22 * * ? *)",
    );
  });

  it("says what to do when it was not built", () => {
    const stack = new Stack(createApp(), "Stack");
    const props = {
      name: "not-built" as "watchdog",
      description: "",
      environment: {},
      memorySize: 256,
      timeout: Duration.seconds(60),
      logRetention: RetentionDays.ONE_DAY,
      removalPolicy: RemovalPolicy.RETAIN,
      encryptionKey: undefined,
      tracing: undefined,
    };
    expect(() => new BuiltFunction(stack, "Function", props)).toThrow(
      /not-built\/index\.mjs is not there: .*"npm run build"/,
    );
  });
});

describe("the environment", () => {
  it.each<{ readonly name: string; readonly props: Props }>([
    { name: "nothing but defaults", props: {} },
    {
      name: "everything",
      props: {
        account: "acme",
        maxUsdPerRun: 5,
        apifyApiUrl: "https://apify.example.com",
        abortEndpoint: "acts",
        stopEmail: "ops@example.com",
      },
    },
    {
      name: "a secret",
      props: (stack) => ({ apifyTokenSecret: Secret.fromSecretNameV2(stack, "Token", "apify") }),
    },
    {
      name: "a parameter",
      props: (stack) => ({
        apifyTokenParameter: StringParameter.fromSecureStringParameterAttributes(stack, "Token", {
          parameterName: "/apify/token",
        }),
      }),
    },
  ])("is one that the function reads: $name", ({ props }) => {
    expect(() => readWatchdogEnv(environmentOf(props))).not.toThrow();
  });

  it("carries what the props say", () => {
    const environment = environmentOf((stack) => ({
      account: "acme",
      apifyTokenParameter: StringParameter.fromSecureStringParameterAttributes(stack, "Token", {
        parameterName: "/apify/token",
      }),
      stateTable: TableV2.fromTableName(stack, "State", "my-state"),
      auditTable: TableV2.fromTableName(stack, "Audit", "my-audit"),
      checkpointLog: LogGroup.fromLogGroupName(stack, "Checkpoints", "my-checkpoints"),
      apifyApiUrl: "https://apify.example.com",
      abortEndpoint: "acts",
      maxWait: Duration.seconds(30),
      allowHolds: true,
    }));
    expect(environment).toEqual({
      STATE_TABLE: "my-state",
      AUDIT_TABLE: "my-audit",
      CHECKPOINT_LOG: "my-checkpoints",
      ACCOUNT: "acme",
      APIFY_TOKEN_PARAMETER: "/apify/token",
      APIFY_API_URL: "https://apify.example.com",
      APIFY_ABORT_ENDPOINT: "acts",
      MAX_WAIT_SECS: "30",
      ALLOW_HOLDS: "true",
    });
  });
});

/** A document of one rule, with something in it. */
const policyWith = (parts: Readonly<Record<string, unknown>>) => ({
  version: 1,
  rules: [{ id: "five", limit: { usageTotalUsd: 5 }, steps: [ABORT], ...parts }],
});
const POLICY = policyWith({});

describe("the policy that comes with a deployment", () => {
  const policyOf = (props: Props) => JSON.parse(environmentOf(props).POLICY ?? "null");

  it.each<{ readonly props: Props; readonly expected: unknown }>([
    { props: {}, expected: null },
    { props: { maxUsdPerRun: 0.25 }, expected: { maxUsdPerRun: 0.25 } },
    { props: { maxRunTime: Duration.hours(36) }, expected: { maxRunTime: "1d12h" } },
    { props: { maxRunTime: Duration.seconds(5430) }, expected: { maxRunTime: "1h30m30s" } },
    {
      props: { maxUsdPerRun: 5, maxRunTime: Duration.hours(6), mode: "enforce" },
      expected: { maxUsdPerRun: 5, maxRunTime: "6h", mode: "enforce" },
    },
    { props: { maxUsdPerDay: 50 }, expected: { maxUsdPerDay: 50 } },
    { props: { maxUsdPerMonth: 300, mode: "observe" }, expected: { maxUsdPerMonth: 300, mode: "observe" } },
    { props: { policy: POLICY }, expected: { policy: POLICY } },
  ])("is $expected", ({ props, expected }) => {
    expect(policyOf(props)).toEqual(expected);
  });

  it.each<{ readonly props: Props; readonly says: string }>([
    { props: { policy: {} }, says: "the policy can't be used:\n  version: got nothing, wanted " },
    {
      props: { policy: { version: 1, rules: [] } },
      says: "rules: got [], wanted a list of rules with at least one",
    },
    {
      props: { policy: policyWith({ limit: { usageTotalUsd: -5 } }) },
      says: "rules[0].limit.usageTotalUsd: got -5, wanted an amount in USD above 0",
    },
    {
      props: { policy: policyWith({ mode: "kill" }) },
      says: 'rules[0].mode: got "kill", wanted one of observe, enforce',
    },
    {
      props: { policy: policyWith({ id: Lazy.string({ produce: () => "five" }) }) },
      says: "policy holds a value that only the deployment knows",
    },
    {
      props: { maxUsdPerRun: 0 },
      says: "the thresholds can't be used:\n  maxUsdPerRun: got 0, wanted an amount in USD",
    },
    { props: { maxUsdPerRun: -5 }, says: "maxUsdPerRun: got -5, wanted " },
    { props: { maxUsdPerRun: Number.NaN }, says: "maxUsdPerRun: got null, wanted " },
    { props: { maxUsdPerRun: 1e-7 }, says: "maxUsdPerRun: got 1e-7, wanted " },
    { props: { maxUsdPerRun: 1e300 }, says: "maxUsdPerRun: got 1e+300, wanted " },
    {
      props: { maxUsdPerRun: 5, maxUsdPerDay: 0, maxUsdPerMonth: -1 },
      says: "the thresholds can't be used:\n  maxUsdPerDay: got 0, wanted an amount in USD above 0, for example 5 or 0.25\n  maxUsdPerMonth: got -1, ",
    },
    {
      props: { maxUsdPerRun: 5, mode: "kill" as "enforce" },
      says: 'mode: got "kill", wanted one of observe, enforce',
    },
  ])("fails before the deployment when the function could not use it: $says", ({ props, says }) => {
    expect(() => watchdogWith(props)).toThrow(says);
  });

  it("is the document that the function puts in force", () => {
    for (const props of [
      { policy: POLICY },
      { maxUsdPerRun: 5, mode: "enforce" as const },
      { maxUsdPerDay: 5 },
    ]) {
      const { POLICY: deployed } = readWatchdogEnv({ ...environmentOf(props), APIFY_TOKEN_SECRET: "arn" });
      expect(deployed && parsePolicy(documentOf(deployed)).rules).toHaveLength(1);
    }
  });

  it("fails before the deployment when it does not fit, and says what to do instead", () => {
    const policy = { note: "x".repeat(3_000) };
    expect(() => watchdogWith({ policy })).toThrow(/takes 3\d{3} bytes .*"watchdog policy push"/);
  });
});
