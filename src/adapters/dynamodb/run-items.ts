import type { RunItem } from "../../watchdog/model/ports.ts";
import { decodeCurve, decodeRecord, decodeWatched } from "../../watchdog/stored/codec.ts";
import { decodeCounted } from "../../watchdog/stored/counted.ts";
import { getAll } from "./batch-get.ts";
import type { Connection } from "./connection.ts";
import { fromItem, headOf, namesIn, toItem } from "./items.ts";
import { itemsOf } from "./pages.ts";
import { readStateItem } from "./state-item.ts";
import { RUNS, type RunTableItem, runSort } from "./table.ts";

/** Two writers share a run's item and never touch each other's attributes: the ledger its record, an append its head. */

/** `undefined` when nothing is recorded of the run, even when it has a chain. */
export async function readRun(connection: Connection, runId: string): Promise<RunItem | undefined> {
  const item = await readStateItem(connection, runSort(runId));
  return item && runItemOf(connection, runSort(runId), fromItem<RunTableItem>(item));
}

type Stored = ReturnType<typeof fromItem<RunTableItem>>;

/** `undefined` when nothing is recorded of the run. */
function runItemOf(connection: Connection, sort: string, item: Stored): RunItem | undefined {
  if (item.recordedAt === undefined) return undefined;
  const head = headOf(item);
  const where = connection.where(sort);
  const { text, curve = [], watched, counted } = item;
  return {
    ...decodeRecord(text, where),
    curve: decodeCurve(curve, where),
    ...(watched !== undefined && { watched: decodeWatched(watched, where) }),
    ...(counted !== undefined && { counted: decodeCounted(counted, where) }),
    ...(head && { head }),
  };
}

/** Those that something is recorded of, by id. */
export async function readRuns(
  connection: Connection,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, RunItem>> {
  const found = new Map<string, RunItem>();
  for (const attributes of await getAll(connection, [...new Set(runIds)].map(runSort), { all: true })) {
    const item = fromItem<RunTableItem>(attributes);
    const sort = String(item.sk);
    const run = runItemOf(connection, sort, item);
    if (run) found.set(sort.slice(RUNS.length), run);
  }
  return found;
}

/** Every recorded run. */
export async function* allRuns(connection: Connection): AsyncGenerator<RunItem> {
  const condition = "#pk = :account AND begins_with(#sk, :runs)";
  const query = {
    TableName: connection.stateTable,
    KeyConditionExpression: condition,
    ExpressionAttributeNames: namesIn(condition),
    ExpressionAttributeValues: toItem({ ":account": connection.account, ":runs": RUNS }),
    ConsistentRead: true,
  };
  for await (const attributes of itemsOf(connection, query)) {
    const item = fromItem<RunTableItem>(attributes);
    const run = runItemOf(connection, String(item.sk), item);
    if (run) yield run;
  }
}
