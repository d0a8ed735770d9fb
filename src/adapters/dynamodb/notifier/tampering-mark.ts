import { ConditionalCheckFailedException, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { TamperingMark } from "../../../watchdog/model/control.ts";
import type { Tampering } from "../../../watchdog/model/notice.ts";
import type { Connection } from "../connection.ts";
import { namesIn, toItem } from "../items.ts";
import { TAMPERING, type TamperingItem } from "../table.ts";

/** One item, however much is seen: what is read with control stays small. */
export async function markTampering(
  connection: Connection,
  seen: readonly [Tampering, ...Tampering[]],
): Promise<void> {
  const expression = "SET #tampered = if_not_exists(#tampered, :tampered) ADD #seen :seen";
  const command = new UpdateItemCommand({
    TableName: connection.stateTable,
    Key: toItem(connection.stateKey(TAMPERING)),
    UpdateExpression: expression,
    ExpressionAttributeNames: namesIn(expression),
    ExpressionAttributeValues: toItem({ ":tampered": JSON.stringify(seen[0]), ":seen": seen.length }),
    ReturnConsumedCapacity: "TOTAL",
  });
  await connection.write(() => connection.client.send(command));
}

/** Its item stays, empty. */
export async function unmarkTampering(connection: Connection, mark: TamperingMark): Promise<void> {
  const [expression, condition] = ["REMOVE #tampered, #seen", "#tampered = :tampered AND #seen = :seen"];
  const command = new UpdateItemCommand({
    TableName: connection.stateTable,
    Key: toItem(connection.stateKey(TAMPERING)),
    UpdateExpression: expression,
    ConditionExpression: condition,
    ExpressionAttributeNames: namesIn(expression, condition),
    ExpressionAttributeValues: toItem({ ":tampered": mark.first, ":seen": mark.seen }),
    ReturnConsumedCapacity: "TOTAL",
  });
  try {
    await connection.write(() => connection.client.send(command));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** The mark among the items of control; `undefined` where there is none that can be read. */
export function markIn(
  rows: readonly { readonly [K in keyof TamperingItem]?: unknown }[],
): TamperingMark | undefined {
  const { tampered, seen } = rows.find(({ sk }) => sk === TAMPERING) ?? {};
  return typeof tampered === "string" && typeof seen === "number" ? { first: tampered, seen } : undefined;
}
