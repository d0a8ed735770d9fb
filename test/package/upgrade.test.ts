import { readFileSync } from "node:fs";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, it } from "vitest";
import { WatchdogStack } from "../../infra/stack.ts";
import { type Resource, resourcesOf } from "../infra/support.ts";

/** What `-c maxUsdPerRun=5 -c stopEmail=ops@example.com` made of the first version that was deployed anywhere. */
const before: Readonly<Record<string, Resource>> = JSON.parse(
  readFileSync(new URL("./fixtures/template-0.1.0.json", import.meta.url), "utf8"),
).Resources;

let after: typeof before;
beforeAll(() => {
  const app = new App({ context: { maxUsdPerRun: "5", stopEmail: "ops@example.com" } });
  after = resourcesOf(Template.fromStack(new WatchdogStack(app, "RunWatchdog")));
});

/** Of what keeps something: the properties with which CloudFormation would put another in its place, or another content. */
const PLACED_BY: Readonly<Record<string, readonly string[]>> = {
  "AWS::DynamoDB::GlobalTable": ["TableName", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes"],
  "AWS::SecretsManager::Secret": ["Name"],
  "AWS::SNS::Topic": ["TopicName", "FifoTopic"],
  "AWS::SNS::Subscription": ["Endpoint", "Protocol", "TopicArn"],
  "AWS::SQS::Queue": ["QueueName", "FifoQueue"],
  "AWS::Logs::LogGroup": ["LogGroupName"],
  "AWS::Lambda::Function": ["FunctionName", "PackageType"],
  "AWS::Lambda::EventSourceMapping": ["EventSourceArn", "StartingPosition"],
};

describe("an upgrade from the first version", () => {
  it.each(Object.entries(before))("finds %s again, under its name", (id, { Type }) => {
    expect(after[id]?.Type).toBe(Type);
  });

  it("makes no new log group for the audit's checkpoints either: those that were made would be missed", () => {
    expect(after.WatchdogCheckpointsC87CF16B?.Type).toBe("AWS::Logs::LogGroup");
    expect(after.WatchdogCheckpointsC87CF16B?.Properties).not.toHaveProperty("LogGroupName");
  });

  const placed = Object.entries(before).filter(([, { Type }]) => PLACED_BY[Type]);
  it.each(placed)("puts nothing else in the place of %s", (id, { Type, Properties = {} }) => {
    for (const name of PLACED_BY[Type] ?? []) {
      expect(after[id]?.Properties?.[name], name).toEqual(Properties[name]);
    }
  });

  it("keeps when the stack is deleted what it kept", () => {
    const kept = Object.entries(before).filter(([, { DeletionPolicy }]) => DeletionPolicy === "Retain");
    expect(kept.map(([, { Type }]) => Type)).toContain("AWS::DynamoDB::GlobalTable");
    for (const [id] of kept) expect(after[id]?.DeletionPolicy, id).toBe("Retain");
  });
});
