import {
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Connection } from "./connection.ts";
import type { Attributes } from "./items.ts";

/** Every item of a query, page after page. */
export async function* itemsOf(connection: Connection, query: QueryCommandInput): AsyncGenerator<Attributes> {
  let from: Attributes | undefined;
  do {
    const command = new QueryCommand({ ...query, ExclusiveStartKey: from, ReturnConsumedCapacity: "TOTAL" });
    const page = await connection.read(() => connection.client.send(command));
    yield* page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from);
}

/** Every item of a scan, page after page: reads the whole table. */
export async function* scannedItems(
  connection: Connection,
  scan: ScanCommandInput,
): AsyncGenerator<Attributes> {
  let from: Attributes | undefined;
  do {
    const command = new ScanCommand({ ...scan, ExclusiveStartKey: from, ReturnConsumedCapacity: "TOTAL" });
    const page = await connection.read(() => connection.client.send(command));
    yield* page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from);
}

export async function allItemsOf(
  connection: Connection,
  query: QueryCommandInput,
): Promise<readonly Attributes[]> {
  const items: Attributes[] = [];
  for await (const item of itemsOf(connection, query)) items.push(item);
  return items;
}

/** The items of a scan's first page: up to 1 MB of the table. */
export async function firstScanned(
  connection: Connection,
  scan: ScanCommandInput,
): Promise<readonly Attributes[]> {
  const command = new ScanCommand({ ...scan, ReturnConsumedCapacity: "TOTAL" });
  const page = await connection.read(() => connection.client.send(command));
  return page.Items ?? [];
}
