import { App, Stack } from "aws-cdk-lib";
import { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Key } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Topic } from "aws-cdk-lib/aws-sns";
import { describe, expect, it } from "vitest";
import { RunWatchdog } from "../../infra/run-watchdog.ts";
import type { RunWatchdogProps } from "../../infra/run-watchdog-props.ts";
import { createApp } from "./support.ts";

const ACCOUNT = "123456789012";

describe("what is adopted from elsewhere", () => {
  const inEurope = (props: (stack: Stack) => RunWatchdogProps) => {
    const stack = new Stack(new App({ outdir: createApp().outdir }), "Stack", {
      env: { region: "eu-west-1", account: ACCOUNT },
    });
    return () => new RunWatchdog(stack, "Watchdog", props(stack));
  };
  const table = (stack: Stack, region: string, account = ACCOUNT) =>
    TableV2.fromTableArn(stack, "Table", `arn:aws:dynamodb:${region}:${account}:table/old`);

  it.each<{ readonly says: string; readonly props: (stack: Stack) => RunWatchdogProps }>([
    {
      says: "stateTable is in region us-east-1 and the stack in eu-west-1: give one in the region of the stack",
      props: (stack) => ({ stateTable: table(stack, "us-east-1") }),
    },
    {
      says: "auditTable is in account 999999999999 and the stack in 123456789012",
      props: (stack) => ({ auditTable: table(stack, "eu-west-1", "999999999999") }),
    },
    {
      says: "stopTopic is in region us-east-1 and the stack in eu-west-1",
      props: (stack) => ({
        stopTopic: Topic.fromTopicArn(stack, "T", `arn:aws:sns:us-east-1:${ACCOUNT}:stops`),
      }),
    },
    {
      says: "apifyTokenSecret is in region us-east-1 and the stack in eu-west-1",
      props: (stack) => ({
        apifyTokenSecret: Secret.fromSecretCompleteArn(
          stack,
          "S",
          `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:apify-AbCdEf`,
        ),
      }),
    },
    {
      says: "encryptionKey is in region us-east-1 and the stack in eu-west-1",
      props: (stack) => ({
        encryptionKey: Key.fromKeyArn(
          stack,
          "K",
          `arn:aws:kms:us-east-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`,
        ),
      }),
    },
    {
      says: 'stateTable and auditTable must be two tables, got "one" for both',
      props: (stack) => {
        const stateTable = TableV2.fromTableName(stack, "One", "one");
        return { stateTable, auditTable: stateTable };
      },
    },
    {
      says: 'stopTopic must be a standard topic, got the FIFO topic "stops.fifo"',
      props: (stack) => ({
        stopTopic: Topic.fromTopicAttributes(stack, "T", {
          topicArn: `arn:aws:sns:eu-west-1:${ACCOUNT}:stops.fifo`,
        }),
      }),
    },
  ])("is refused where the function can't reach or use it: $says", ({ says, props }) => {
    expect(inEurope(props)).toThrow(says);
  });

  it("is taken where it can: tables and a topic of this region, the topic of another account", () => {
    const watchdog = inEurope((stack) => ({
      stateTable: TableV2.fromTableName(stack, "State", "old-state"),
      auditTable: TableV2.fromTableAttributes(stack, "Audit", {
        tableArn: `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/old-audit`,
        tableStreamArn: `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/old-audit/stream/2026-11-07T12:00:00.000`,
      }),
      stopTopic: Topic.fromTopicArn(stack, "Topic", "arn:aws:sns:eu-west-1:999999999999:stops"),
    }))();
    expect([watchdog.stateTable.tableName, watchdog.auditTable.tableName]).toEqual([
      "old-state",
      "old-audit",
    ]);
  });
});
