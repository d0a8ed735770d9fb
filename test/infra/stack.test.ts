import { readFileSync } from "node:fs";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { pointerAmong } from "../../cli/target/stack-pointer.ts";
import { AcmeStack } from "../../infra/example-app.ts";
import { SETTING_NAMES } from "../../infra/settings.ts";
import { stackNameOf } from "../../infra/stack-name.ts";
import { statementsIn, textOf } from "./digest.ts";
import { createApp, propertiesOf, stackWith } from "./support.ts";

const outputsIn = (template: Template): Record<string, string> =>
  Object.fromEntries(
    Object.entries(template.toJSON().Outputs).map(([name, output]) => [
      name,
      textOf((output as { Value: unknown }).Value),
    ]),
  );

const outputsOf = (context: Readonly<Record<string, unknown>>) => outputsIn(stackWith(context));

describe("the stack", () => {
  it("tells where things are", () => {
    const outputs = outputsOf({ stopEmail: "ops@example.com" });
    expect(Object.keys(outputs).filter((name) => !name.startsWith("WatchdogCommandLine"))).toEqual([
      "StateTable",
      "AuditTable",
      "CheckpointLog",
      "Account",
      "FunctionName",
      "SecretArn",
      "StopTopic",
      "UntoldStops",
      "CourierName",
      "Policy",
      "NextStep",
    ]);
    expect(outputs.StateTable).toMatch(/^WatchdogState/);
    expect(outputs.AuditTable).toMatch(/^WatchdogAudit/);
    expect(outputs.FunctionName).toMatch(/^WatchdogFunction/);
    expect(outputs.UntoldStops).toMatch(/^WatchdogStopsUntold/);
    expect(outputs.CourierName).toMatch(/^WatchdogStopsChannelsCourier/);
  });

  it.each([
    {
      context: {},
      points: { account: "default", apifyTokenSecret: expect.stringMatching(/^WatchdogApifyToken/) },
    },
    {
      context: { account: "acme", apifyTokenSecret: "apify", stopEmail: "ops@example.com" },
      points: {
        account: "acme",
        apifyTokenSecret: expect.stringMatching(/:secret:apify$/),
        courierName: expect.stringMatching(/^WatchdogStopsChannelsCourier/),
        stopTopic: expect.stringMatching(/^WatchdogStopTopic/),
      },
    },
    {
      context: { apifyTokenParameter: "/apify", apifyApiUrl: "https://apify.example.com" },
      points: {
        account: "default",
        apifyTokenParameter: "/apify",
        apifyApiUrl: "https://apify.example.com",
      },
    },
  ])("points the command line to all that it needs: $context", ({ context, points }) => {
    const outputs = outputsOf(context);
    const [id] = Object.keys(outputs).filter((name) => name.startsWith("WatchdogCommandLine"));
    const listed = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
    expect(pointerAmong(listed, { stack: "RunWatchdog", account: undefined })).toEqual({
      region: "AWS::Region",
      stateTable: outputs.StateTable,
      auditTable: outputs.AuditTable,
      functionName: outputs.FunctionName,
      checkpointLog: outputs.CheckpointLog,
      notifierName: expect.stringMatching(/^WatchdogStopsNotifier/),
      ...points,
    });
    // Its name may be anything: the one that holds it is the one that is read.
    expect(id).toBeDefined();
  });

  it("tells to put the token in, and how, where it made the secret", () => {
    expect(outputsOf({}).NextStep).toMatch(
      /^unless the Apify token is in already, .*: read -rs TOKEN && aws secretsmanager put-secret-value --region AWS::Region --secret-id WatchdogApifyToken\w+ --secret-string "\$TOKEN"$/,
    );
  });

  it.each([{ apifyTokenSecret: "apify/token" }, { apifyTokenParameter: "/apify/token" }])(
    "tells to look once where the token is in its place: %o",
    (context) => {
      expect(outputsOf(context).NextStep).toMatch(/aws lambda invoke .* \/dev\/stdout$/);
    },
  );

  it.each([
    {
      context: {},
      says: "without one nothing is stopped: npm run watchdog -- policy push policy.yaml --stack RunWatchdog",
    },
    {
      context: { maxUsdPerRun: "5" },
      says: "at most 5 USD a run, in the mode of the policy in force; at first observed: nothing",
    },
    {
      context: { maxUsdPerRun: 0.25, maxRunTime: "6h", mode: "enforce" },
      says: "at most 0.25 USD and 6 hours a run: runs over it are stopped",
    },
    {
      context: { maxRunTime: "6h", maxUsdPerDay: "50", maxUsdPerMonth: 300, mode: "observe" },
      says: "at most 6 hours a run, 50 USD a day, 300 USD a month, observed: nothing is stopped before you",
    },
  ])("tells which policy is in force: $says", ({ context, says }) => {
    expect(outputsOf(context).Policy).toContain(says);
  });

  it("takes every setting", () => {
    const template = stackWith({
      account: "acme",
      schedule: "rate(5 minutes)",
      maxUsdPerRun: "5",
      maxRunTime: "1d12h",
      maxUsdPerDay: "50",
      maxUsdPerMonth: "300.5",
      mode: "enforce",
      allowWeaker: "3",
      stopEmail: "ops@example.com",
      eventBus: "default",
      slackSecret: "slack/hook",
      webhookParameter: "/hook",
      mailKinds: "abort.*, step.notified",
      eventKinds: "*",
      slackKinds: "abort.confirmed",
      webhookKinds: "abort.*",
      bundleFor: "1m30s",
      digest: "weekly",
      apifyTokenSecret: "apify/token",
      apifyApiUrl: "https://apify.example.com",
      stateTable: "old-state",
      auditTable: "arn:aws:dynamodb:eu-west-1:123456789012:table/old-audit/stream/2026-11-07T12:00:00.000",
      abortEndpoint: "acts",
      memorySize: "512",
      timeout: "2m",
      maxWait: "30s",
      logRetention: "30",
      tracing: "true",
      trial: "true",
    });
    const { Variables } = propertiesOf(template, "AWS::Lambda::Function", "WatchdogFunction").Environment;
    expect(Variables).toMatchObject({
      STATE_TABLE: "old-state",
      AUDIT_TABLE: "old-audit",
      ACCOUNT: "acme",
      APIFY_API_URL: "https://apify.example.com",
      ALLOW_WEAKER: "3",
      APIFY_ABORT_ENDPOINT: "acts",
      MAX_WAIT_SECS: "30",
      POLICY:
        '{"maxUsdPerRun":5,"maxRunTime":"1d12h","maxUsdPerDay":50,"maxUsdPerMonth":300.5,"mode":"enforce"}',
    });
    const made = propertiesOf(template, "AWS::Lambda::Function", "WatchdogFunction");
    expect(made).toMatchObject({ MemorySize: 512, Timeout: 120, TracingConfig: { Mode: "Active" } });
    const logs = Object.values(template.findResources("AWS::Logs::LogGroup")); // Checkpoints are kept for good.
    expect(new Set(logs.map(({ Properties }) => Properties.RetentionInDays))).toEqual(
      new Set([30, undefined]),
    );
    const scheduled = (id: string) =>
      propertiesOf(template, "AWS::Scheduler::Schedule", id).ScheduleExpression;
    expect(scheduled("WatchdogTicks")).toBe("rate(5 minutes)");
    expect(scheduled("WatchdogStopsDigest")).toBe("cron(0 7 ? * MON *)");
    // Both readers of the stream, and the queue of each channel.
    template.resourceCountIs("AWS::Lambda::EventSourceMapping", 6);
    const bundled = propertiesOf(template, "AWS::Lambda::EventSourceMapping", "WatchdogStopsBundled");
    expect(bundled.MaximumBatchingWindowInSeconds).toBe(90);
    template.allResources("AWS::Logs::LogGroup", { DeletionPolicy: "Delete" });
  });

  it.each([
    "arn:aws:dynamodb:eu-west-1:123456789012:table/old",
    "arn:aws:dynamodb:eu-west-1:123456789012:table/old/stream/2026-11-07T12:00:00.000",
  ])("takes a table by its ARN, for the variable and for the roles: %s", (arn) => {
    const template = stackWith({ stateTable: arn, auditTable: arn.replace("/old", "/audit") });
    const { Variables } = propertiesOf(template, "AWS::Lambda::Function", "WatchdogFunction").Environment;
    expect(Variables).toMatchObject({ STATE_TABLE: "old", AUDIT_TABLE: "audit" });
    const tables = statementsIn(propertiesOf(template, "AWS::IAM::Policy", "WatchdogRole"))
      .filter(({ Action }) => String(Action).startsWith("dynamodb:"))
      .flatMap(({ Resource }) => Resource);
    const table = "arn:aws:dynamodb:eu-west-1:123456789012:table/";
    expect(new Set(tables)).toEqual(new Set([`${table}old`, `${table}audit`, `${table}audit/index/by-time`]));
  });

  it("takes a secret by its ARN, as the output SecretArn tells it", () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:apify/token-AbCdEf";
    const template = stackWith({ apifyTokenSecret: arn });
    const { Variables } = propertiesOf(template, "AWS::Lambda::Function", "WatchdogFunction").Environment;
    expect(Variables.APIFY_TOKEN_SECRET).toBe(arn);
    const statements = statementsIn(propertiesOf(template, "AWS::IAM::Policy", "WatchdogRole"));
    const [grant] = statements.filter(({ Action }) => String(Action).includes("secretsmanager:"));
    expect(grant?.Resource).toBe(arn);
  });

  it.each([
    { context: {}, name: "RunWatchdog" },
    { context: { account: "default" }, name: "RunWatchdog" },
    { context: { account: " acme-eu " }, name: "RunWatchdog-acme-eu" },
    { context: { account: 17 }, name: "RunWatchdog-17" },
  ])("is called by its account, $context: $name", ({ context, name }) => {
    expect(stackNameOf(createApp(context))).toBe(name);
  });

  it.each(["a.b", "a_b", "a b"])("refuses an account that can't name a stack: %j", (account) => {
    expect(() => stackNameOf(createApp({ account }))).toThrow(
      `account names the stack as well, so it must be letters, digits and dashes, got "${account}"`,
    );
  });

  it.each([
    {
      context: { maxUsdPerrun: "5" },
      says: 'there is no setting "maxUsdPerrun": did you mean maxUsdPerRun? Settings are account, ',
    },
    { context: { "max-usd-per-run": "5" }, says: "did you mean maxUsdPerRun?" },
    { context: { "max-usd-per-day": "5" }, says: "did you mean maxUsdPerDay?" },
    { context: { maxUsdPerMonths: "5" }, says: "did you mean maxUsdPerMonth?" },
    { context: { "stop-email": "ops@example.com" }, says: "did you mean stopEmail?" },
    { context: { "maxUsdPerRun ": "5" }, says: 'there is no setting "maxUsdPerRun "' },
    { context: { "max.usd": 5 }, says: 'there is no setting "max.usd": use one of account, ' },
    {
      context: { maxUsdPerRun: "0x10" },
      says: 'maxUsdPerRun must be a number, for example 5 or 0.25, got "0x10"',
    },
    {
      context: { auditTable: "foo/stream/bar" },
      says: 'auditTable must be a table\'s name, its ARN or the ARN of its stream, got "foo/stream/bar"',
    },
    {
      context: { stateTable: "arn:aws:s3:::state" },
      says: 'stateTable must be a table\'s name, its ARN or the ARN of its stream, got "arn:aws:s3:::state"',
    },
    {
      context: { apifyTokenSecret: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:apify" },
      says: "apifyTokenSecret must be a secret's name or its whole ARN, which ends in a dash and six characters",
    },
    {
      context: { apifyTokenSecret: "apify-tokens" },
      says: 'got "apify-tokens": a name that ends so is taken for an ARN, so give the ARN',
    },
    {
      context: { apifyTokenParameter: "arn:aws:ssm:eu-west-1:123456789012:parameter/apify/token" },
      says: "apifyTokenParameter must be a parameter's name, for example /apify/token",
    },
    {
      context: { maxUsdPerRun: "five" },
      says: 'maxUsdPerRun must be a number, for example 5 or 0.25, got "five"',
    },
    { context: { maxUsdPerRun: "" }, says: "maxUsdPerRun is empty" },
    { context: { maxUsdPerDay: "$5" }, says: "maxUsdPerDay must be a number, for example 5 or 0.25" },
    { context: { maxRunTime: "6" }, says: "maxRunTime must be a time, for example 6h, 90m or 1d12h" },
    { context: { maxUsdPerRun: "5", mode: "kill" }, says: 'mode must be observe or enforce, got "kill"' },
    { context: { logRetention: "31" }, says: 'for example 30 or 90, got "31"' },
    { context: { apifyApiUrl: "http://apify.example.com" }, says: "apifyApiUrl must be an https URL" },
    { context: { trial: "yes" }, says: 'trial must be true or false, got "yes"' },
  ])("refuses a setting that can't be used: $says", ({ context, says }) => {
    expect(() => stackWith(context)).toThrow(says);
  });

  it("leaves the CDK's own context alone", () => {
    const context = {
      "@aws-cdk/core:newStyleStackSynthesis": true,
      "aws:cdk:enable-path-metadata": true,
      "availability-zones:account=123456789012:region=eu-west-1": ["eu-west-1a"],
      "cli-telemetry": false,
      "acknowledged-issue-numbers": [1],
    };
    expect(() => stackWith(context)).not.toThrow();
  });
});

describe("docs/deploying.md", () => {
  it("describes every setting and every output", () => {
    const page = readFileSync(new URL("../../docs/deploying.md", import.meta.url), "utf8");
    const settings = page.split(/^## /m).find((section) => section.startsWith("Settings")) ?? "";
    const names = [...settings.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(names.toSorted()).toEqual([...SETTING_NAMES].toSorted());
    for (const id of Object.keys(outputsOf({ stopEmail: "ops@example.com" }))) {
      const output = id.startsWith("WatchdogCommandLine") ? "WatchdogCommandLine…" : id;
      expect(page).toContain(`\`${output}\``);
    }
  });

  it("shows the example as it is, and --stack finds its way there", () => {
    const read = (file: string) => readFileSync(new URL(file, import.meta.url), "utf8");
    // As its readers import it.
    const example = read("../../infra/example-app.ts").replace("./run-watchdog.ts", "apify-run-watchdog");
    expect(read("../../docs/deploying.md")).toContain(example);
    const outputs = Object.entries(outputsIn(Template.fromStack(new AcmeStack(createApp(), "Acme"))));
    const listed = outputs.map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
    expect(pointerAmong(listed, { stack: "Acme", account: undefined }).account).toBe("acme");
  });
});
