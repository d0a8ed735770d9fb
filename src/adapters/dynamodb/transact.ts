import { randomUUID } from "node:crypto";
import {
  ConditionalCheckFailedException,
  TransactGetItemsCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { ConflictError } from "../../watchdog/model/errors.ts";
import type { Connection } from "./connection.ts";
import { toItem } from "./items.ts";

/** One write of a transaction, and what it means when its condition fails. */
export type Part = { readonly write: TransactWriteItem; readonly conflict?: string };

const TRANSIENT_REASONS: readonly string[] = [
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
];

const reasonsOf = (error: unknown): readonly string[] =>
  error instanceof TransactionCanceledException
    ? (error.CancellationReasons ?? []).map(({ Code }) => Code ?? "None")
    : [];

const isCrowded = (error: unknown): boolean => {
  const reasons = reasonsOf(error);
  return (
    !reasons.includes("ConditionalCheckFailed") &&
    reasons.some((reason) => TRANSIENT_REASONS.includes(reason))
  );
};

/**
 * All of it or nothing. One token for all tries: when the answer to a try that succeeded is lost, the next try gets
 * that success and not the conflict with itself. Throws `ConflictError` when a condition failed, and when other
 * writers kept the items busy all along: nothing is written then.
 */
export async function transact(connection: Connection, parts: readonly Part[]): Promise<void> {
  try {
    await transactItems(
      connection,
      parts.map(({ write }) => write),
    );
  } catch (error) {
    throw conflictOf(error, parts) ?? error;
  }
}

/** The same with the error as DynamoDB gives it: `failedIn` tells the writes whose condition failed. */
export async function transactItems(
  connection: Connection,
  items: readonly TransactWriteItem[],
): Promise<void> {
  const command = new TransactWriteItemsCommand({
    TransactItems: [...items],
    ClientRequestToken: randomUUID(),
    ReturnConsumedCapacity: "TOTAL",
  });
  await connection.write(() => connection.client.send(command), isCrowded);
}

/**
 * An item as it stands between transactions. A strongly consistent read may show one item of a transaction and not yet
 * the other; this one is refused while a transaction is at work on the item, and tried again (DynamoDB guide, "Amazon
 * DynamoDB Transactions: How it works", isolation levels).
 */
export async function transactGet(connection: Connection, TableName: string, key: object) {
  const command = new TransactGetItemsCommand({
    TransactItems: [{ Get: { TableName, Key: toItem(key) } }],
    ReturnConsumedCapacity: "TOTAL",
  });
  const { Responses } = await connection.read(() => connection.client.send(command), isCrowded);
  return Responses?.[0]?.Item;
}

/** The places of the writes whose condition failed; none for any other error. */
export const failedIn = (error: unknown): readonly number[] =>
  reasonsOf(error).flatMap((reason, index) => (reason === "ConditionalCheckFailed" ? [index] : []));

function conflictOf(error: unknown, parts: readonly Part[]): ConflictError | undefined {
  const reasons = reasonsOf(error);
  const failed = parts.filter((_part, index) => reasons[index] === "ConditionalCheckFailed");
  if (failed.length > 0) {
    const message = failed.map(({ conflict }) => conflict ?? "a condition failed").join("; ");
    return new ConflictError(message, { cause: error });
  }
  return crowdedOut(error);
}

/** What it means when other writers kept the items busy in every try; `undefined` for any other error. */
export const crowdedOut = (error: unknown): ConflictError | undefined =>
  reasonsOf(error).includes("TransactionConflict")
    ? new ConflictError("other writers kept the same items busy", { cause: error })
    : undefined;

/**
 * One conditional write outside a transaction. It carries `writeId` into the item and asks for the item back when
 * the condition fails: an own write whose answer was lost is no conflict.
 */
export async function writeOnce(
  connection: Connection,
  writeId: string,
  conflict: string,
  request: () => Promise<object>,
): Promise<void> {
  try {
    await connection.write(request);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    if (error.Item?.writeId?.S === writeId) return;
    throw new ConflictError(conflict, { cause: error });
  }
}
