import { createHash } from "node:crypto";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Awaited } from "../../watchdog/model/state-store.ts";
import { unreadable } from "../../watchdog/stored/codec.ts";
import type { Connection } from "./connection.ts";
import { fromItem, namesIn, toItem } from "./items.ts";
import { itemsOf } from "./pages.ts";
import { type AwaitedItem, awaitedExpiryOf, awaitedSort } from "./table.ts";

/** So many stay far below the 400 KB of an item. */
const MAX_IDS = 5_000;
/** Sorts behind all that is due at one instant. */
const LAST = "~";

/** Named by what is in it: written twice it is one item, and two different ones of the same instant are two. */
const nameOf = (runIds: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(runIds)).digest("base64url").slice(0, 16);

export async function writeAwaited(connection: Connection, { due, runIds }: Awaited): Promise<void> {
  for (let from = 0; from < runIds.length; from += MAX_IDS) {
    const ids = runIds.slice(from, from + MAX_IDS).toSorted();
    const item: AwaitedItem = {
      ...connection.stateKey(awaitedSort(due, nameOf(ids))),
      runIds: ids,
      expiresAt: awaitedExpiryOf(due),
    };
    const command = new PutItemCommand({
      TableName: connection.stateTable,
      Item: toItem(item),
      ReturnConsumedCapacity: "TOTAL",
    });
    await connection.write(() => connection.client.send(command));
  }
}

export async function readAwaited(
  connection: Connection,
  { after, until }: { readonly after: Date; readonly until: Date },
): Promise<readonly Awaited[]> {
  // DynamoDB takes no span that ends before it begins.
  if (after >= until) return [];
  const condition = "#pk = :account AND #sk BETWEEN :from AND :to";
  const query = {
    TableName: connection.stateTable,
    KeyConditionExpression: condition,
    ExpressionAttributeNames: namesIn(condition),
    ExpressionAttributeValues: toItem({
      ":account": connection.account,
      ":from": awaitedSort(after, LAST),
      ":to": awaitedSort(until, LAST),
    }),
    ConsistentRead: true,
  };
  const found: Awaited[] = [];
  for await (const attributes of itemsOf(connection, query)) {
    const { sk, runIds } = fromItem<AwaitedItem>(attributes);
    const written = new Date(String(sk).split("#")[1] ?? Number.NaN);
    const due = Number.isNaN(written.getTime()) ? until : written;
    const ids: readonly unknown[] = Array.isArray(runIds) ? runIds : [undefined];
    const sound = ids.filter((id) => typeof id === "string");
    const isSound = due === written && sound.length === ids.length;
    const { message } = unreadable(connection.where(String(sk)), "it names no runs that are due");
    found.push({ due, runIds: sound, ...(!isSound && { problem: message }) });
  }
  return found;
}
