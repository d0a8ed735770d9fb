import { RemovalPolicy } from "aws-cdk-lib";
import { describe, expect, it } from "vitest";
import { auditTable, stateTable, stateTableExpiry } from "../../src/adapters/dynamodb/table.ts";
import { propertiesOf, watchdogWith } from "./support.ts";

const TABLE = "AWS::DynamoDB::GlobalTable";
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
    const [statement, ...others] = replica.ResourcePolicy.PolicyDocument.Statement;
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Effect: "Deny", Principal: { AWS: "*" }, Resource: "*" });
    expect(statement.Condition).toBeUndefined();
    expect(statement.Action).toEqual([
      "dynamodb:UpdateItem",
      "dynamodb:DeleteItem",
      "dynamodb:BatchWriteItem",
      "dynamodb:PartiQLInsert",
      "dynamodb:PartiQLUpdate",
      "dynamodb:PartiQLDelete",
      "dynamodb:UpdateTimeToLive",
    ]);
  });
});
