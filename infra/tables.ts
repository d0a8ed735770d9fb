import { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  Billing,
  type ITable,
  StreamViewType,
  type TablePropsV2,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { AnyPrincipal, Effect, Grant, type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import {
  EXPIRES_AT,
  INDEX_PARTITION,
  INDEX_SORT,
  PARTITION,
  SORT,
  TIME_INDEX,
} from "../src/adapters/dynamodb/table.ts";

const kept = (removalPolicy: RemovalPolicy) =>
  ({
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
    removalPolicy,
  }) satisfies Partial<TablePropsV2>;

export const createStateTable = (scope: Construct, id: string, removalPolicy: RemovalPolicy): ITable =>
  new TableV2(scope, id, {
    partitionKey: { name: PARTITION, type: AttributeType.STRING },
    sortKey: { name: SORT, type: AttributeType.STRING },
    timeToLiveAttribute: EXPIRES_AT,
    ...kept(removalPolicy),
  }) as ITable;

/** Every way to change or remove what is there, but for an overwrite: to IAM that is a put like any other. */
const CHANGES = [
  "dynamodb:UpdateItem",
  "dynamodb:DeleteItem",
  "dynamodb:BatchWriteItem",
  "dynamodb:PartiQLInsert",
  "dynamodb:PartiQLUpdate",
  "dynamodb:PartiQLDelete",
  "dynamodb:UpdateTimeToLive",
];

export function createAuditTable(scope: Construct, id: string, removalPolicy: RemovalPolicy): ITable {
  const table = new TableV2(scope, id, {
    partitionKey: { name: PARTITION, type: AttributeType.STRING },
    sortKey: { name: SORT, type: AttributeType.NUMBER },
    globalSecondaryIndexes: [
      {
        indexName: TIME_INDEX,
        partitionKey: { name: INDEX_PARTITION, type: AttributeType.STRING },
        sortKey: { name: INDEX_SORT, type: AttributeType.STRING },
      },
    ],
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    ...kept(removalPolicy),
  });
  table.addToResourcePolicy(
    new PolicyStatement({
      sid: "EntriesAreNeverChanged",
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: CHANGES,
      // A table's policy is about that table alone; its own ARN here would be a circle.
      resources: ["*"],
    }),
  );
  return table as ITable;
}

export const grantStateRead = (table: ITable, grantee: IGrantable): Grant =>
  Grant.addToPrincipal({
    grantee,
    actions: ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchGetItem"],
    resourceArns: [table.tableArn],
  });

export const grantStateWrite = (table: ITable, grantee: IGrantable): Grant =>
  Grant.addToPrincipal({
    grantee,
    actions: ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
    resourceArns: [table.tableArn],
  });

export const grantAuditRead = (table: ITable, grantee: IGrantable): Grant =>
  Grant.addToPrincipal({
    grantee,
    actions: ["dynamodb:Query"],
    resourceArns: [table.tableArn, `${table.tableArn}/index/${TIME_INDEX}`],
  });

/** New entries, and these only in a transaction: nothing is written to the audit alone. */
export const grantAuditAppend = (table: ITable, grantee: IGrantable): Grant =>
  Grant.addToPrincipal({
    grantee,
    actions: ["dynamodb:PutItem"],
    resourceArns: [table.tableArn],
    conditions: { "ForAnyValue:StringEquals": { "dynamodb:EnclosingOperation": ["TransactWriteItems"] } },
  });
