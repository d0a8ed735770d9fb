import { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  Billing,
  type ITable,
  StreamViewType,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { AnyPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import {
  AUDIT_CHANGES,
  EXPIRES_AT,
  INDEX_PARTITION,
  INDEX_SORT,
  PARTITION,
  SORT,
  TIME_INDEX,
} from "../../src/adapters/dynamodb/table.ts";

interface Keeping {
  readonly removalPolicy: RemovalPolicy;
  /**
   * @default - a key that AWS owns
   */
  readonly encryptionKey: IKey | undefined;
}

const kept = ({ removalPolicy, encryptionKey }: Keeping) =>
  ({
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
    removalPolicy,
    ...(encryptionKey && { encryption: TableEncryptionV2.customerManagedKey(encryptionKey) }),
  }) satisfies Partial<TablePropsV2>;

export const createStateTable = (scope: Construct, id: string, keeping: Keeping): ITable =>
  new TableV2(scope, id, {
    partitionKey: { name: PARTITION, type: AttributeType.STRING },
    sortKey: { name: SORT, type: AttributeType.STRING },
    timeToLiveAttribute: EXPIRES_AT,
    ...kept(keeping),
  }) as ITable;

export const createAuditTable = (scope: Construct, id: string, keeping: Keeping): ITable =>
  new TableV2(scope, id, {
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
    ...kept(keeping),
  }) as ITable;

/** What must not change the table itself. Nothing but a name tells a deployment from anybody else. */
const TABLE_CHANGES = ["dynamodb:DeleteTable", "dynamodb:UpdateTable"];

/**
 * Denies to everyone, administrators included, what would change or remove an entry, and a put outside of a transaction:
 * ours is on condition that the place is free. On a table that this app only imports it does nothing: the policy of such a
 * table is whoever's it is. `deployers` are the only ones who may change or delete the table.
 */
export function denyChanges(table: ITable, deployers: readonly string[] = []): void {
  if (!takesPolicy(table)) return;
  const deny = {
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    // A table's policy is about that table alone; its own ARN here would be a circle.
    resources: ["*"],
  };
  const statements = [
    new PolicyStatement({ ...deny, sid: "EntriesAreNeverChanged", actions: [...AUDIT_CHANGES] }),
    new PolicyStatement({
      ...deny,
      sid: "EntriesComeInTransactions",
      actions: ["dynamodb:PutItem"],
      // Also where the request has no such key, for it is no part of a transaction then.
      conditions: { StringNotEquals: { "dynamodb:EnclosingOperation": "TransactWriteItems" } },
    }),
    ...(deployers.length === 0
      ? []
      : [
          new PolicyStatement({
            ...deny,
            sid: "TheTableIsTheDeployers",
            actions: TABLE_CHANGES,
            conditions: { ArnNotLike: { "aws:PrincipalArn": deployers } },
          }),
        ]),
  ];
  for (const statement of statements) table.addToResourcePolicy(statement);
}

const takesPolicy = (table: ITable): table is ITable & Pick<TableV2, "addToResourcePolicy"> =>
  "addToResourcePolicy" in table;
