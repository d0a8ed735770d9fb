import { RemovalPolicy, Stack, Tags } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { AccountRootPrincipal, Role } from "aws-cdk-lib/aws-iam";
import { Tracing } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { describe, expect, it } from "vitest";
import { ATTENTION_METRIC } from "../../functions/contract.ts";
import { RunWatchdog } from "../../infra/run-watchdog.ts";
import type { RunWatchdogProps } from "../../infra/run-watchdog-props.ts";
import { statementsIn } from "./digest.ts";
import { createApp, propertiesOf, resourcesOf, watchdogWith } from "./support.ts";

const stopEmail = "ops@example.com";
const ACCOUNT = "123456789012";

describe("the parts of RunWatchdog", () => {
  it("are there for what a stack does besides", () => {
    const { watchdog, stack } = watchdogWith({ stopEmail });
    const { function: look, notifier, courier, schedule, stateTable, auditTable, stopTopic } = watchdog;
    const { untoldStops, undeliveredNotices } = watchdog;
    expect(undeliveredNotices).toHaveLength(1);
    const queues = [untoldStops, ...undeliveredNotices];
    for (const part of [look, notifier, courier, schedule, stateTable, auditTable, stopTopic, ...queues]) {
      expect(part && Stack.of(part)).toBe(stack);
    }
    expect(watchdog.alarms).toContain(watchdog.attentionAlarm);
    expect(watchdog.alarms).toHaveLength(8);
    expect(watchdog.logGroup.logGroupName).toBeDefined();
    expect(watchdog.apifyTokenSecret?.secretArn).toBeDefined();
  });

  it("are left out where there are none", () => {
    const { watchdog } = watchdogWith((stack) => ({
      apifyTokenParameter: StringParameter.fromSecureStringParameterAttributes(stack, "Token", {
        parameterName: "/apify/token",
      }),
    }));
    expect(watchdog.apifyTokenParameter?.parameterName).toBe("/apify/token");
    const { apifyTokenSecret, courier, stopTopic, undeliveredNotices } = watchdog;
    expect([apifyTokenSecret, courier, stopTopic]).toEqual(Array(3).fill(undefined));
    expect(undeliveredNotices).toEqual([]);
  });

  it("are left out where the audit's stream is not known", () => {
    const { watchdog } = watchdogWith((stack) => ({
      auditTable: TableV2.fromTableName(stack, "Old", "old"),
    }));
    expect([watchdog.notifier, watchdog.untoldStops]).toEqual([undefined, undefined]);
    expect(watchdog.metricUntoldStops()).toBeUndefined();
    // Those of its ticks: nothing can be said of notices.
    expect(watchdog.alarms).toHaveLength(4);
  });
});

describe("metrics", () => {
  it("are those that the function emits, and the alarm watches", () => {
    const { watchdog, template } = watchdogWith({ account: "acme" });
    const { namespace, metricName, dimensions } = watchdog.metricNeedsAttention();
    expect({ namespace, metricName, dimensions }).toEqual({
      namespace: ATTENTION_METRIC.namespace,
      metricName: ATTENTION_METRIC.name,
      dimensions: {
        [ATTENTION_METRIC.dimension]: "acme",
        [ATTENTION_METRIC.emitter]: watchdog.function.functionName,
      },
    });
    expect(propertiesOf(template(), "AWS::CloudWatch::Alarm", "WatchdogAttention")).toMatchObject({
      Namespace: namespace,
      MetricName: metricName,
    });
  });

  it("are of the function and of the queue, and take options", () => {
    const { watchdog } = watchdogWith({ stopEmail });
    const { metricName, namespace } = watchdog.metricFailedTicks();
    expect({ namespace, metricName }).toEqual({ namespace: "AWS/Lambda", metricName: "Errors" });
    expect(watchdog.metricTampering()).toMatchObject({ metricName: "AuditTampered", statistic: "Sum" });
    expect(watchdog.metricTicks().metricName).toBe("Invocations");
    expect(watchdog.metricTickDuration({ statistic: "p99" }).statistic).toBe("p99");
    expect(watchdog.metricUntoldStops()).toMatchObject({ namespace: "AWS/SQS", statistic: "Maximum" });
  });
});

describe("grants", () => {
  const actionsOf = (grant: (watchdog: RunWatchdog, role: Role) => void, props: RunWatchdogProps = {}) => {
    const { stack, watchdog, template } = watchdogWith(props);
    const role = new Role(stack, "Somebody", { assumedBy: new AccountRootPrincipal() });
    grant(watchdog, role);
    const { PolicyDocument } = propertiesOf(template(), "AWS::IAM::Policy", "Somebody");
    return statementsIn({ PolicyDocument }).flatMap(({ Action }) => Action);
  };

  it("let somebody look at once", () => {
    expect(actionsOf((watchdog, role) => watchdog.grantInvoke(role))).toEqual(["lambda:InvokeFunction"]);
  });

  it("let somebody try the channels, where there are some", () => {
    const notify = (watchdog: RunWatchdog, role: Role) => watchdog.grantNotify(role);
    expect(actionsOf(notify, { stopEmail })).toEqual(["lambda:InvokeFunction"]);
    const { stack, watchdog } = watchdogWith();
    const role = new Role(stack, "Somebody", { assumedBy: new AccountRootPrincipal() });
    expect(watchdog.grantNotify(role).success).toBe(false);
  });

  it("let somebody read the token, wherever it is", () => {
    expect(actionsOf((watchdog, role) => watchdog.grantReadToken(role))).toEqual([
      "secretsmanager:GetSecretValue",
      "secretsmanager:DescribeSecret",
    ]);
    const { stack, watchdog, template } = watchdogWith((own) => ({
      apifyTokenParameter: StringParameter.fromSecureStringParameterAttributes(own, "Token", {
        parameterName: "/apify/token",
      }),
    }));
    watchdog.grantReadToken(new Role(stack, "Somebody", { assumedBy: new AccountRootPrincipal() }));
    const { PolicyDocument } = propertiesOf(template(), "AWS::IAM::Policy", "Somebody");
    expect(statementsIn({ PolicyDocument }).flatMap(({ Action }) => Action)).toContain("ssm:GetParameter");
  });
});

describe("alarmActions", () => {
  it("are what every alarm does besides telling the topic of stops", () => {
    const { template } = watchdogWith((stack) => ({
      stopEmail,
      alarmActions: [
        new SnsAction(Topic.fromTopicArn(stack, "Pager", `arn:aws:sns:eu-west-1:${ACCOUNT}:pager`)),
      ],
    }));
    const alarms = Object.values(template().findResources("AWS::CloudWatch::Alarm"));
    expect(alarms).toHaveLength(8);
    for (const { Properties } of alarms) {
      const { AlarmActions, OKActions } = Properties;
      expect(AlarmActions).toHaveLength(2);
      expect(AlarmActions[1]).toBe(`arn:aws:sns:eu-west-1:${ACCOUNT}:pager`);
      expect(OKActions).toEqual(AlarmActions);
    }
  });
});

describe("tracing", () => {
  it("is of all functions, where it is asked for", () => {
    const modes = (props: RunWatchdogProps) =>
      Object.values(
        watchdogWith({ stopEmail, ...props })
          .template()
          .findResources("AWS::Lambda::Function"),
      ).map(({ Properties }) => Properties.TracingConfig?.Mode);
    expect(modes({ tracing: Tracing.ACTIVE })).toEqual(Array(4).fill("Active"));
    expect(modes({})).toEqual(Array(4).fill(undefined));
  });
});

/** What CloudFormation takes no tags for. */
const UNTAGGED = /Policy$|EventInvokeConfig|Scheduler::Schedule|SNS::Subscription/;

describe("tags of the construct", () => {
  it("reach all of it that can be tagged", () => {
    const { watchdog, template } = watchdogWith({ stopEmail });
    Tags.of(watchdog).add("team", "data");
    const taggable = Object.entries(resourcesOf(template())).filter(([, { Type }]) => !UNTAGGED.test(Type));
    expect(taggable.length).toBeGreaterThan(10);
    for (const [id, { Properties = {} }] of taggable) {
      const replicas = Properties.Replicas as readonly { readonly Tags?: unknown }[] | undefined;
      expect(Properties.Tags ?? replicas?.[0]?.Tags, id).toContainEqual({ Key: "team", Value: "data" });
    }
  });
});

describe("names", () => {
  it("are left to CloudFormation: whatever could clash or keep it from replacing has none", () => {
    const physical = /^(Table|Function|Topic|Queue|LogGroup|Role|Alarm|Secret|Schedule)?Name$/;
    const named = Object.entries(
      resourcesOf(watchdogWith({ stopEmail, account: "acme" }).template()),
    ).flatMap(([id, { Type, Properties = {} }]) =>
      /EventInvokeConfig|EventSourceMapping/.test(Type)
        ? []
        : Object.keys(Properties).flatMap((name) => (physical.test(name) ? `${id}.${name}` : [])),
    );
    expect(named).toEqual([]);
  });
});

describe("two watchdogs", () => {
  it("fit into one app, each in a stack, account and region of its own", () => {
    const app = createApp();
    const stacks = ["eu-west-1", "us-east-1", "cn-north-1"].map((region) => {
      const stack = new Stack(app, `In-${region}`, { env: { region, account: ACCOUNT } });
      new RunWatchdog(stack, "Watchdog", { account: region, stopEmail });
      return stack;
    });
    const ids = stacks.map((stack) => Object.keys(Template.fromStack(stack).toJSON().Resources).sort());
    expect(ids[1]?.length).toBe(ids[0]?.length);
    for (const stack of stacks) {
      const text = JSON.stringify(Template.fromStack(stack).toJSON());
      const regions = new Set(text.match(/\b(eu-west-1|us-east-1|cn-north-1)\b/g));
      expect([...regions]).toEqual([stack.region]);
      expect(text).not.toContain('"arn:aws:');
    }
  });
});

describe("props that no compiler checked", () => {
  it.each([
    { props: { maxUsdPerrun: 5 }, says: 'there is no prop "maxUsdPerrun": did you mean maxUsdPerRun?' },
    { props: { frequency: 5 }, says: 'there is no prop "frequency": use one of apifyTokenSecret, ' },
    { props: { memorySize: 64 }, says: "memorySize must be from 128 to 10240 whole MB, got 64" },
    { props: { memorySize: 256.5 }, says: "memorySize must be from 128 to 10240 whole MB, got 256.5" },
  ])("are refused in words: $says", ({ props, says }) => {
    expect(() => watchdogWith(props as RunWatchdogProps)).toThrow(says);
  });
});

describe("the secret that it makes", () => {
  it.each([
    { props: {}, kept: "Retain" },
    { props: { removalPolicy: RemovalPolicy.DESTROY }, kept: "Delete" },
  ])(
    "holds nothing that a later release could change, and is kept like the tables: $kept",
    ({ props, kept }) => {
      const [secret] = Object.values(
        watchdogWith(props).template().findResources("AWS::SecretsManager::Secret"),
      );
      expect(secret?.Properties).not.toHaveProperty("GenerateSecretString");
      expect(secret?.Properties).not.toHaveProperty("SecretString");
      expect(secret?.DeletionPolicy).toBe(kept);
    },
  );
});
