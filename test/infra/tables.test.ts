import { readFileSync } from "node:fs";
import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { AttributeType, type ITable, Table, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { describe, expect, it } from "vitest";
import { RunWatchdog } from "../../infra/run-watchdog.ts";
import { auditTable, stateTable, stateTableExpiry } from "../../src/adapters/dynamodb/table.ts";
import { leftOpen } from "../../src/watchdog/health/checks/check-tables.ts";
import { statementsIn } from "./digest.ts";
import { createApp, propertiesOf, watchdogWith } from "./support.ts";

const TABLE = "AWS::DynamoDB::GlobalTable";
const OWN = { partitionKey: { name: "pk", type: AttributeType.STRING } };
const synthesized = watchdogWith;

describe("the tables", () => {
  it.each([
    { id: "WatchdogState", schema: stateTable("any") },
    { id: "WatchdogAudit", schema: auditTable("any") },
  ])("have the keys and indexes that the stores use: $id", ({ id, schema }) => {
    const table = propertiesOf(synthesized().template(), TABLE, id);
    expect({
      BillingMode: table.BillingMode,
      AttributeDefinitions: table.AttributeDefinitions,
      KeySchema: table.KeySchema,
      GlobalSecondaryIndexes: table.GlobalSecondaryIndexes,
    }).toEqual({
      BillingMode: schema.BillingMode,
      AttributeDefinitions: schema.AttributeDefinitions,
      KeySchema: schema.KeySchema,
      GlobalSecondaryIndexes: schema.GlobalSecondaryIndexes,
    });
  });

  it("let settled runs expire from the state, and nothing from the audit", () => {
    const template = synthesized().template();
    const { TimeToLiveSpecification } = stateTableExpiry("any");
    expect(propertiesOf(template, TABLE, "WatchdogState").TimeToLiveSpecification).toEqual(
      TimeToLiveSpecification,
    );
    expect(propertiesOf(template, TABLE, "WatchdogAudit").TimeToLiveSpecification).toBeUndefined();
  });

  it("show in a stream what an entry was before it was overwritten", () => {
    const { StreamSpecification } = propertiesOf(synthesized().template(), TABLE, "WatchdogAudit");
    expect(StreamSpecification.StreamViewType).toBe(auditTable("any").StreamSpecification?.StreamViewType);
  });

  it.each(["WatchdogState", "WatchdogAudit"])(
    "can be restored to any second, can't be deleted, and stay when the stack goes: %s",
    (id) => {
      const template = synthesized().template();
      const [replica] = propertiesOf(template, TABLE, id).Replicas;
      expect(replica).toMatchObject({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
      const [resource] = Object.entries(template.findResources(TABLE)).filter(([name]) =>
        name.startsWith(id),
      );
      expect(resource?.[1]).toMatchObject({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
    },
  );

  it("have their checkpoints in a log group of its own, without an end, that can't be deleted either", () => {
    const template = synthesized().template();
    const log = propertiesOf(template, "AWS::Logs::LogGroup", "WatchdogCheckpoints");
    expect(log.RetentionInDays).toBeUndefined();
    expect(log.DeletionProtectionEnabled).toBe(true);
    const trial = synthesized({ removalPolicy: RemovalPolicy.DESTROY }).template();
    expect(propertiesOf(trial, "AWS::Logs::LogGroup", "WatchdogCheckpoints").DeletionProtectionEnabled).toBe(
      false,
    );
  });

  it("are verified against the checkpoints that were made before, where their log group is adopted too", () => {
    const { template } = synthesized((stack) => ({
      checkpointLog: LogGroup.fromLogGroupName(stack, "Old", "old-checkpoints"),
    }));
    const { Variables } = propertiesOf(template(), "AWS::Lambda::Function", "WatchdogFunction").Environment;
    expect(Variables.CHECKPOINT_LOG).toBe("old-checkpoints");
    const made = Object.keys(template().findResources("AWS::Logs::LogGroup"));
    expect(made.filter((id) => id.startsWith("WatchdogCheckpoints"))).toEqual([]);
  });

  it("go with the stack when that is asked for, and the logs with them", () => {
    const template = synthesized({ removalPolicy: RemovalPolicy.DESTROY }).template();
    for (const type of [TABLE, "AWS::Logs::LogGroup"]) {
      for (const resource of Object.values(template.findResources(type))) {
        expect(resource.DeletionPolicy).toBe("Delete");
      }
    }
    for (const id of ["WatchdogState", "WatchdogAudit"]) {
      expect(propertiesOf(template, TABLE, id).Replicas[0].DeletionProtectionEnabled).toBe(false);
    }
  });

  it("deny to everyone all that would change or remove an entry", () => {
    const [replica] = propertiesOf(synthesized().template(), TABLE, "WatchdogAudit").Replicas;
    const [changes, puts, ...others] = replica.ResourcePolicy.PolicyDocument.Statement;
    expect(others).toEqual([]);
    for (const statement of [changes, puts])
      expect(statement).toMatchObject({ Effect: "Deny", Principal: { AWS: "*" }, Resource: "*" });
    expect(changes.Condition).toBeUndefined();
    // What doctor looks for is what is deployed.
    expect(leftOpen(JSON.stringify(replica.ResourcePolicy.PolicyDocument))).toEqual([]);
    expect(changes.Action).toEqual([
      "dynamodb:UpdateItem",
      "dynamodb:DeleteItem",
      "dynamodb:BatchWriteItem",
      "dynamodb:PartiQLInsert",
      "dynamodb:PartiQLUpdate",
      "dynamodb:PartiQLDelete",
      "dynamodb:UpdateTimeToLive",
    ]);
    expect(puts).toMatchObject({
      Action: "dynamodb:PutItem",
      // Without an operator for sets or one that minds whether the key is there: a put by itself has none, and must match.
      Condition: { StringNotEquals: { "dynamodb:EnclosingOperation": "TransactWriteItems" } },
    });
  });

  it("deny to all but the deployers to change or delete the audit table, where these are named", () => {
    const deployers = ["arn:aws:iam::123456789012:role/cdk-*-cfn-exec-role-*"];
    const [replica] = propertiesOf(synthesized({ deployers }).template(), TABLE, "WatchdogAudit").Replicas;
    expect(replica.ResourcePolicy.PolicyDocument.Statement[2]).toMatchObject({
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: ["dynamodb:DeleteTable", "dynamodb:UpdateTable"],
      Condition: { ArnNotLike: { "aws:PrincipalArn": deployers } },
    });
    expect(() => synthesized({ deployers: ["admin"] }).template()).toThrow("deployers must be ARNs of roles");
  });

  it.each([
    { name: "TableV2", type: TABLE, of: (stack: Stack) => new TableV2(stack, "Own", OWN) },
    { name: "Table", type: "AWS::DynamoDB::Table", of: (stack: Stack) => new Table(stack, "Own", OWN) },
  ])("deny it where an audit table of this app is given, too: $name", ({ type, of }) => {
    const { template } = synthesized((stack) => ({ auditTable: of(stack) as ITable }));
    expect(statementsIn(propertiesOf(template(), type, "Own"))).toEqual(
      statementsIn(propertiesOf(synthesized().template(), TABLE, "WatchdogAudit")),
    );
  });

  it("deny it once where two watchdogs share an audit table", () => {
    const stack = new Stack(createApp(), "Stack");
    const auditTable = new TableV2(stack, "Own", OWN) as ITable;
    for (const account of ["acme", "initech"]) new RunWatchdog(stack, account, { account, auditTable });
    expect(statementsIn(propertiesOf(Template.fromStack(stack), TABLE, "Own"))).toHaveLength(2);
  });

  it("leave the policy of a table that is only imported to whoever owns it", () => {
    const { template } = synthesized((stack) => ({
      auditTable: TableV2.fromTableName(stack, "Old", "old"),
    }));
    expect(Object.keys(template().findResources(TABLE))).toEqual([expect.stringMatching(/^WatchdogState/)]);
  });

  it("are denied changes by hand with the policy that docs/deploying.md shows", () => {
    const page = readFileSync(new URL("../../docs/deploying.md", import.meta.url), "utf8");
    const [, shown = ""] = /```json\n(.*?)```/s.exec(page) ?? [];
    const [replica] = propertiesOf(synthesized().template(), TABLE, "WatchdogAudit").Replicas;
    expect(JSON.parse(shown)).toEqual(replica.ResourcePolicy.PolicyDocument);
  });
});
