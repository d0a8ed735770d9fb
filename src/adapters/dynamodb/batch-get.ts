import { BatchGetItemCommand } from "@aws-sdk/client-dynamodb";
import type { Connection } from "./connection.ts";
import { type Attributes, toItem } from "./items.ts";

const MAX_BATCH = 100;
/** An answer holds 16 MB at most and may leave keys over, as it does under throttling. */
const MAX_ROUNDS = 10;
const BETWEEN_ROUNDS_MS = 50;

async function getBatch(
  connection: Connection,
  keys: readonly Attributes[],
): Promise<{ readonly items: readonly Attributes[]; readonly left: readonly Attributes[] }> {
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
  return { items, left: open };
}

/**
 * The items of the account's state that are there, in no order, strongly consistent. `all`: throws when DynamoDB will not
 * give some of them now; else those are left out.
 */
export async function getAll(
  connection: Connection,
  sorts: readonly string[],
  { all = false } = {},
): Promise<readonly Attributes[]> {
  const items: Attributes[] = [];
  for (let from = 0; from < sorts.length; from += MAX_BATCH) {
    const keys = sorts.slice(from, from + MAX_BATCH).map((sort) => toItem(connection.stateKey(sort)));
    const batch = await getBatch(connection, keys);
    if (all && batch.left.length > 0)
      throw new Error(`DynamoDB did not give ${batch.left.length} items in time`);
    items.push(...batch.items);
  }
  return items;
}
