import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { Connection } from "./connection.ts";
import { type Attributes, namesIn, toItem } from "./items.ts";

/** One item of the account's state, strongly consistent; `undefined` when there is none. */
export async function readStateItem(connection: Connection, sort: string): Promise<Attributes | undefined> {
  const command = new GetItemCommand({
    TableName: connection.stateTable,
    Key: toItem(connection.stateKey(sort)),
    ConsistentRead: true,
    ReturnConsumedCapacity: "TOTAL",
  });
  return (await connection.read(() => connection.client.send(command))).Item;
}

/** Puts an item in the place of the version that was seen; 0: where there is none yet. */
export function versionedPut(connection: Connection, sort: string, content: object, seen: number) {
  const condition = seen === 0 ? "attribute_not_exists(#pk)" : "#version = :seen";
  return {
    TableName: connection.stateTable,
    Item: toItem({ ...connection.stateKey(sort), ...content }),
    ConditionExpression: condition,
    ExpressionAttributeNames: namesIn(condition),
    ...(seen !== 0 && { ExpressionAttributeValues: toItem({ ":seen": seen }) }),
  };
}
