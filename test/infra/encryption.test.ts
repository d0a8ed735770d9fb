import { type App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Key } from "aws-cdk-lib/aws-kms";
import { Tracing } from "aws-cdk-lib/aws-lambda";
import { describe, expect, it } from "vitest";
import { RunWatchdog } from "../../infra/run-watchdog.ts";
import type { RunWatchdogProps } from "../../infra/run-watchdog-props.ts";
import { statementsIn } from "./digest.ts";
import { createApp, nagged, propertiesOf, watchdogWith } from "./support.ts";

const stopEmail = "ops@example.com";
const ACCOUNT = "123456789012";

describe("encryptionKey", () => {
  const EUROPE = { env: { region: "eu-west-1", account: ACCOUNT } };
  const watchdogIn = (app: App, props: (stack: Stack) => RunWatchdogProps) => {
    const stack = new Stack(app, "Stack", EUROPE);
    new RunWatchdog(stack, "Watchdog", props(stack));
    return stack;
  };
  const encrypted = () =>
    watchdogIn(createApp(), (stack) => ({ stopEmail, encryptionKey: new Key(stack, "Key") }));

  it("encrypts all that is created and keeps something", () => {
    const template = Template.fromStack(encrypted());
    const [key] = Object.keys(template.findResources("AWS::KMS::Key"));
    const reference = [{ Ref: key }, { "Fn::GetAtt": [key, "Arn"] }];
    const one = (type: string, name: string) => {
      for (const { Properties } of Object.values(template.findResources(type))) {
        expect(reference, type).toContainEqual(Properties[name]);
      }
    };
    one("AWS::SecretsManager::Secret", "KmsKeyId");
    one("AWS::SNS::Topic", "KmsMasterKeyId");
    one("AWS::SQS::Queue", "KmsMasterKeyId");
    one("AWS::Logs::LogGroup", "KmsKeyId");
    for (const { Properties } of Object.values(template.findResources("AWS::DynamoDB::GlobalTable"))) {
      expect(Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: "KMS" });
      expect(reference).toContainEqual(Properties.Replicas[0].SSESpecification.KMSMasterKeyId);
    }
  });

  it("may be used by the functions, by CloudWatch and by its logs", () => {
    const template = Template.fromStack(encrypted());
    const users = statementsIn(propertiesOf(template, "AWS::KMS::Key").KeyPolicy).map(({ Principal }) =>
      JSON.stringify(Principal),
    );
    expect(users.join()).toContain("cloudwatch.amazonaws.com");
    expect(users.join()).toContain("logs.eu-west-1.amazonaws.com");
    for (const role of ["WatchdogRole", "WatchdogStopsNotifierRole"]) {
      const statements = statementsIn(propertiesOf(template, "AWS::IAM::Policy", role));
      const ofKey = statements.flatMap(({ Action }) => Action).filter((action) => action.startsWith("kms:"));
      expect(ofKey).toContain("kms:Decrypt");
    }
  });

  it("takes a key that is only imported", () => {
    const stack = watchdogIn(createApp(), (own) => ({
      stopEmail,
      encryptionKey: Key.fromKeyArn(
        own,
        "Key",
        `arn:aws:kms:eu-west-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`,
      ),
    }));
    expect(propertiesOf(Template.fromStack(stack), "AWS::SNS::Topic").KmsMasterKeyId).toContain(
      "key/11111111-2222-3333-4444-555555555555",
    );
  });

  it("says what it takes where the region is not known", () => {
    expect(() => watchdogWith((stack) => ({ encryptionKey: new Key(stack, "Key") }))).toThrow(
      /encryptionKey takes a stack whose region is known.*env: \{ region: "eu-west-1" \}/,
    );
  });

  it.each([
    [
      "with a key",
      (stack: Stack) => ({ stopEmail, encryptionKey: new Key(stack, "K", { enableKeyRotation: true }) }),
    ],
    ["with tracing", () => ({ stopEmail, tracing: Tracing.ACTIVE })],
  ])("passes the checks of AWS Solutions: %s", (_name, props) => {
    const app = nagged(createApp());
    watchdogIn(app, props);
    expect(() => app.synth()).not.toThrow();
  });
});
