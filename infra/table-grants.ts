import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type GrantOnPrincipalOptions, type IGrantable } from "aws-cdk-lib/aws-iam";
import { PARTITION, SORT, type TamperingItem, TIME_INDEX } from "../src/adapters/dynamodb/table.ts";

type Access = Pick<GrantOnPrincipalOptions, "actions" | "conditions"> & {
  readonly index?: string;
  readonly keyActions: readonly string[];
};

/** What DynamoDB does with a table's key in the name of who reads, and of who writes; without wildcards. */
const KEY_READ = ["kms:Decrypt", "kms:DescribeKey"];
const KEY_WRITE = [
  ...KEY_READ,
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/** On the table, and on the key of its own that encrypts it, where that is known here: one is worth nothing without the other. */
function grantOn(table: ITable, grantee: IGrantable, { index, keyActions, ...access }: Access): Grant {
  const resourceArns = [table.tableArn, ...(index === undefined ? [] : [`${table.tableArn}/index/${index}`])];
  const grant = Grant.addToPrincipal({ grantee, resourceArns, ...access });
  const key = keyActions.length > 0 ? table.encryptionKey : undefined;
  return key ? grant.combine(key.grant(grantee, ...keyActions)) : grant;
}

const grantStateRead = (table: ITable, grantee: IGrantable): Grant =>
  grantOn(table, grantee, {
    actions: ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:Scan"],
    keyActions: KEY_READ,
  });

const grantStateWrite = (table: ITable, grantee: IGrantable): Grant =>
  grantOn(table, grantee, {
    actions: ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
    keyActions: KEY_WRITE,
  });

export const grantAuditRead = (table: ITable, grantee: IGrantable): Grant =>
  grantOn(table, grantee, { actions: ["dynamodb:GetItem"], keyActions: [] }).combine(
    grantOn(table, grantee, { actions: ["dynamodb:Query"], index: TIME_INDEX, keyActions: KEY_READ }),
  );

/** All of it at once, whatever the keys: what `audit verify` takes, to find a chain that nothing else knows of. */
const grantAuditScan = (table: ITable, grantee: IGrantable): Grant =>
  grantOn(table, grantee, { actions: ["dynamodb:Scan"], keyActions: KEY_READ });

/** New entries, and these only in a transaction: nothing is written to the audit alone. */
const grantAuditAppend = (table: ITable, grantee: IGrantable): Grant =>
  grantOn(table, grantee, {
    actions: ["dynamodb:PutItem"],
    conditions: { "ForAnyValue:StringEquals": { "dynamodb:EnclosingOperation": ["TransactWriteItems"] } },
    keyActions: KEY_WRITE,
  });

const MARK: readonly (keyof TamperingItem)[] = [PARTITION, SORT, "tampered", "seen"];

/**
 * To mark for the next tick that entries were changed or removed. Which item can't be a condition, but which attributes can:
 * those of the mark alone, which decide nothing about runs.
 */
export const grantTamperingMark = (table: ITable, grantee: IGrantable, account: string): Grant =>
  grantOn(table, grantee, {
    actions: ["dynamodb:UpdateItem"],
    conditions: {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [account], "dynamodb:Attributes": MARK },
    },
    keyActions: KEY_WRITE,
  });

/** What Actors and tasks are called. A key's sort part can't be a condition, so the account's whole state can be read. */
export const grantNamesRead = (table: ITable, grantee: IGrantable): Grant =>
  grantOn(table, grantee, { actions: ["dynamodb:BatchGetItem"], keyActions: KEY_READ });

interface Tables {
  readonly stateTable: ITable;
  readonly auditTable: ITable;
}

/** What ticks and operators do alike: read both tables, write the state and append to the audit. */
export const grantWork = ({ stateTable, auditTable }: Tables, grantee: IGrantable): Grant =>
  grantStateRead(stateTable, grantee)
    .combine(grantAuditRead(auditTable, grantee))
    .combine(grantStateWrite(stateTable, grantee))
    .combine(grantAuditAppend(auditTable, grantee));

/** What verifying the audit takes of the tables. */
export const grantVerify = ({ stateTable, auditTable }: Tables, grantee: IGrantable): Grant =>
  grantStateRead(stateTable, grantee)
    .combine(grantAuditRead(auditTable, grantee))
    .combine(grantAuditScan(auditTable, grantee));
