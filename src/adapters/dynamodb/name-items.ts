import { BatchGetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import pLimit from "p-limit";
import { decodeName, encodeName } from "../../watchdog/codec.ts";
import type { Name } from "../../watchdog/ports.ts";
import type { Connection } from "./connection.ts";
import { type Attributes, fromItem, toItem } from "./items.ts";
import { type NameItem, nameSort } from "./table.ts";

const MAX_BATCH = 100;
const CONCURRENCY = 10;
/** An answer holds 16 MB at most and may leave keys over; names are small, so that is throttling. */
const MAX_ROUNDS = 10;
const BETWEEN_ROUNDS_MS = 50;

/** Names that can't be read, or not now, are left out: they are not known, and will be asked for again. */
export async function readNames(
  connection: Connection,
  kind: "actor" | "task",
  ids: readonly string[],
): Promise<ReadonlyMap<string, Name>> {
  const unique = [...new Set(ids)];
  const names = new Map<string, Name>();
  for (let from = 0; from < unique.length; from += MAX_BATCH) {
    const batch = unique.slice(from, from + MAX_BATCH);
    const idOf = new Map(batch.map((id) => [nameSort(kind, id), id]));
    const keys = batch.map((id) => toItem(connection.stateKey(nameSort(kind, id))));
    for (const item of await getAll(connection, keys)) {
      const { sk, text } = fromItem<NameItem>(item);
      const id = idOf.get(String(sk));
      const name = decodeName(text);
      if (id !== undefined && name) names.set(id, name);
    }
  }
  return names;
}

async function getAll(connection: Connection, keys: readonly Attributes[]): Promise<readonly Attributes[]> {
  const table = connection.stateTable;
  const items: Attributes[] = [];
  let open = [...keys];
  for (let round = 0; open.length > 0 && round < MAX_ROUNDS; round++) {
    if (round > 0) await connection.sleep(BETWEEN_ROUNDS_MS * round);
    const command = new BatchGetItemCommand({
      RequestItems: { [table]: { Keys: open, ConsistentRead: true } },
      ReturnConsumedCapacity: "TOTAL",
    });
    const answer = await connection.read(() => connection.client.send(command));
    items.push(...(answer.Responses?.[table] ?? []));
    open = answer.UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return items;
}

export async function writeNames(
  connection: Connection,
  kind: "actor" | "task",
  names: ReadonlyMap<string, Name>,
): Promise<void> {
  const limit = pLimit(CONCURRENCY);
  await limit.map([...names], ([id, name]) => {
    const item: NameItem = { ...connection.stateKey(nameSort(kind, id)), text: encodeName(name) };
    const command = new PutItemCommand({
      TableName: connection.stateTable,
      Item: toItem(item),
      ReturnConsumedCapacity: "TOTAL",
    });
    return connection.write(() => connection.client.send(command));
  });
}
