import {
  ConditionalCheckFailedException,
  GetItemCommand,
  type Update,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import pLimit from "p-limit";
import { decodeRecord, encodeRecord } from "../../watchdog/codec.ts";
import { type Head, runChain } from "../../watchdog/entry.ts";
import type { RunItem, RunRecord } from "../../watchdog/ports.ts";
import type { Connection } from "./connection.ts";
import { fromItem, headAttributes, headOf, namesIn, toItem } from "./items.ts";
import { itemsOf } from "./pages.ts";
import { expiryOf, RUNS, type RunTableItem, runSort } from "./table.ts";

/** Two writers share a run's item and never touch each other's attributes: its record here, its head below. */

const CONCURRENCY = 10;

/** Writes the records. One that is older than what is stored is dropped: that is no conflict. */
export async function writeRuns(connection: Connection, records: readonly RunRecord[]): Promise<void> {
  const limit = pLimit(CONCURRENCY);
  await limit.map(records, async (record) => {
    const command = new UpdateItemCommand({
      ...recordUpdate(connection, record),
      ReturnConsumedCapacity: "TOTAL",
    });
    try {
      await connection.write(() => connection.client.send(command));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  });
}

function recordUpdate(connection: Connection, record: RunRecord) {
  const { run, settledAt } = record;
  // A run that has not settled may have an open intent, and must not expire under it.
  const expiry = settledAt && { ":expiresAt": expiryOf(run.finishedAt ?? settledAt) };
  const sets = `SET #text = :text, #recordedAt = :recordedAt${expiry ? ", #expiresAt = :expiresAt" : ""}`;
  const expression = expiry ? sets : `${sets} REMOVE #expiresAt`;
  const isNew = "attribute_not_exists(#recordedAt)";
  const isNotOlder = "#recordedAt <= :recordedAt";
  return {
    TableName: connection.stateTable,
    Key: toItem(connection.stateKey(runSort(run.id))),
    UpdateExpression: expression,
    ConditionExpression: `${isNew} OR ${isNotOlder}`,
    ExpressionAttributeNames: namesIn(expression, isNew),
    ExpressionAttributeValues: toItem({
      ":text": encodeRecord(record),
      ":recordedAt": record.recordedAt.getTime(),
      ...expiry,
    }),
  };
}

export function runHeadUpdate(connection: Connection, runId: string, head: Head): Update {
  const expression = "SET #headSequence = :headSequence, #headHash = :headHash";
  const { headSequence, headHash } = headAttributes(head);
  return {
    TableName: connection.stateTable,
    Key: toItem(connection.stateKey(runSort(runId))),
    UpdateExpression: expression,
    ExpressionAttributeNames: namesIn(expression),
    ExpressionAttributeValues: toItem({ ":headSequence": headSequence, ":headHash": headHash }),
  };
}

async function readItem(connection: Connection, runId: string) {
  const command = new GetItemCommand({
    TableName: connection.stateTable,
    Key: toItem(connection.stateKey(runSort(runId))),
    ConsistentRead: true,
    ReturnConsumedCapacity: "TOTAL",
  });
  const { Item } = await connection.read(() => connection.client.send(command));
  return Item && fromItem<RunTableItem>(Item);
}

export async function readRunHead(connection: Connection, runId: string): Promise<Head | undefined> {
  const item = await readItem(connection, runId);
  return item && headOf(item);
}

/** `undefined` when nothing is recorded of the run, even when it has a chain. */
export async function readRun(connection: Connection, runId: string): Promise<RunItem | undefined> {
  const item = await readItem(connection, runId);
  if (item?.recordedAt === undefined) return undefined;
  const head = headOf(item);
  return { ...decodeRecord(item.text, connection.where(runSort(runId))), ...(head && { head }) };
}

/** The heads of all run chains. */
export async function* runHeads(connection: Connection): AsyncGenerator<{ chain: string; head: Head }> {
  const projection = "#sk, #headSequence, #headHash";
  const query = {
    TableName: connection.stateTable,
    KeyConditionExpression: "#pk = :account AND begins_with(#sk, :runs)",
    ProjectionExpression: projection,
    ExpressionAttributeNames: namesIn("#pk", projection),
    ExpressionAttributeValues: toItem({ ":account": connection.account, ":runs": RUNS }),
    ConsistentRead: true,
  };
  for await (const attributes of itemsOf(connection, query)) {
    const item = fromItem<RunTableItem>(attributes);
    const head = headOf(item);
    if (head) yield { chain: runChain(String(item.sk).slice(RUNS.length)), head };
  }
}
