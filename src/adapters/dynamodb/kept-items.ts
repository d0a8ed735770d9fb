import { BatchGetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import pLimit from "p-limit";
import type { Connection } from "./connection.ts";
import { type Attributes, fromItem, toItem } from "./items.ts";
import type { KeptItem } from "./table.ts";

const MAX_BATCH = 100;
const CONCURRENCY = 10;
/** An answer holds 16 MB at most and may leave keys over; what is kept is small, so that is throttling. */
const MAX_ROUNDS = 10;
const BETWEEN_ROUNDS_MS = 50;

/** What is kept of Actors or tasks, one item each: where an id's item is, and its text. */
export type Kept<T> = {
  readonly sortOf: (id: string) => string;
  readonly encode: (each: T) => string;
  /** `undefined` when it can't be read. */
  readonly decode: (text: unknown) => T | undefined;
};

/** What can't be read, or not now, is left out: it is not known, and will be asked for again. */
export async function readKept<T>(
  connection: Connection,
  { sortOf, decode }: Kept<T>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, T>> {
  const unique = [...new Set(ids)];
  const found = new Map<string, T>();
  for (let from = 0; from < unique.length; from += MAX_BATCH) {
    const batch = unique.slice(from, from + MAX_BATCH);
    const idOf = new Map(batch.map((id) => [sortOf(id), id]));
    const keys = batch.map((id) => toItem(connection.stateKey(sortOf(id))));
    for (const item of await getAll(connection, keys)) {
      const { sk, text } = fromItem<KeptItem>(item);
      const id = idOf.get(String(sk));
      const each = decode(text);
      if (id !== undefined && each !== undefined) found.set(id, each);
    }
  }
  return found;
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

export async function writeKept<T>(
  connection: Connection,
  { sortOf, encode }: Kept<T>,
  found: ReadonlyMap<string, T>,
): Promise<void> {
  const limit = pLimit(CONCURRENCY);
  await limit.map([...found], ([id, each]) => {
    const item: KeptItem = { ...connection.stateKey(sortOf(id)), text: encode(each) };
    const command = new PutItemCommand({
      TableName: connection.stateTable,
      Item: toItem(item),
      ReturnConsumedCapacity: "TOTAL",
    });
    return connection.write(() => connection.client.send(command));
  });
}
