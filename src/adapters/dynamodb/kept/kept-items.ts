import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import pLimit from "p-limit";
import { getAll } from "../batch-get.ts";
import type { Connection } from "../connection.ts";
import { fromItem, toItem } from "../items.ts";
import type { KeptItem } from "../table.ts";

const CONCURRENCY = 10;

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
  const idOf = new Map(ids.map((id) => [sortOf(id), id]));
  const found = new Map<string, T>();
  for (const item of await getAll(connection, [...idOf.keys()])) {
    const { sk, text } = fromItem<KeptItem>(item);
    const id = idOf.get(String(sk));
    const each = decode(text);
    if (id !== undefined && each !== undefined) found.set(id, each);
  }
  return found;
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
