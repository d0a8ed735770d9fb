import { randomUUID } from "node:crypto";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Cell, SlotSpan } from "../../policy/index.ts";
import {
  EMPTY_LEDGER,
  type LedgerState,
  type LedgerStore,
  type LedgerWrite,
  type LedgerWritten,
  type SpendReading,
} from "../../watchdog/model/ledger-store.ts";
import { checkLedgerWrites } from "../../watchdog/stored/check-ledger.ts";
import { decodeLedger, encodeLedger, unreadable } from "../../watchdog/stored/codec.ts";
import { amountOf, cellAttribute, cellsFrom, cellsTo, slotOf, spenderOf } from "./cell-items.ts";
import type { Connection } from "./connection.ts";
import { type Attributes, fromItem, namesIn, toItem, versionOf } from "./items.ts";
import { packed, transactionOf } from "./ledger-writes.ts";
import { itemsOf } from "./pages.ts";
import { allRuns, readRun, readRuns } from "./run-items.ts";
import { readStateItem, versionedPut } from "./state-item.ts";
import { LEDGER, type LedgerItem, SPEND, type SpendItem } from "./table.ts";
import { crowdedOut, failedIn, transactItems, writeOnce } from "./transact.ts";

/** One transaction. The runs whose item had another version are left out, and the others written without them. */
async function writePack(connection: Connection, writes: readonly LedgerWrite[]): Promise<LedgerWritten> {
  const stale: string[] = [];
  for (let open = writes; open.length > 0; ) {
    try {
      await transactItems(connection, transactionOf(connection, open));
      return { stale, recordings: 1 };
    } catch (error) {
      const failed = new Set(failedIn(error));
      if (failed.size === 0) throw crowdedOut(error) ?? error;
      stale.push(...open.flatMap(({ record }, i) => (failed.has(i) ? [record.run.id] : [])));
      open = open.filter((_, i) => !failed.has(i));
    }
  }
  return { stale, recordings: 0 };
}

/** One after another, for they share items. */
async function writeLedger(connection: Connection, writes: readonly LedgerWrite[]): Promise<LedgerWritten> {
  checkLedgerWrites(writes);
  const stale: string[] = [];
  let recordings = 0;
  for (const pack of packed(writes)) {
    const written = await writePack(connection, pack);
    stale.push(...written.stale);
    recordings += written.recordings;
  }
  return { stale, recordings };
}

function cellsIn(connection: Connection, attributes: Attributes): readonly Cell[] {
  const { sk, ...rest } = fromItem<Record<string, unknown>>(attributes);
  const slot = slotOf(String(sk));
  const cells = new Map<string, Cell>();
  for (const [name, amount] of Object.entries(rest)) {
    const of = amountOf(name);
    if (of === undefined) continue;
    const spender = spenderOf(name);
    if (spender === undefined || !Number.isSafeInteger(amount))
      throw unreadable(connection.where(String(sk)), `its cell "${name}" is no amount of a spender`);
    const key = cellAttribute(spender);
    cells.set(key, { ...(cells.get(key) ?? { ...spender, slot, microUsd: 0 }), [of]: Number(amount) });
  }
  return [...cells.values()];
}

async function readSpan(connection: Connection, { from, to }: SlotSpan): Promise<readonly Cell[]> {
  // DynamoDB takes no span that ends before it begins.
  if (from > to) return [];
  const condition = "#pk = :account AND #sk BETWEEN :from AND :to";
  const query = {
    TableName: connection.stateTable,
    KeyConditionExpression: condition,
    ExpressionAttributeNames: namesIn(condition),
    ExpressionAttributeValues: toItem({
      ":account": connection.account,
      ":from": cellsFrom(from),
      ":to": cellsTo(to),
    }),
    ConsistentRead: true,
  };
  const cells: Cell[] = [];
  for await (const attributes of itemsOf(connection, query)) cells.push(...cellsIn(connection, attributes));
  return cells;
}

async function readCounter(connection: Connection): Promise<number> {
  const item = await readStateItem(connection, SPEND);
  if (item === undefined) return 0;
  const { recordings } = fromItem<SpendItem>(item);
  if (!Number.isSafeInteger(recordings)) throw unreadable(connection.where(SPEND), "it counts no recordings");
  return Number(recordings);
}

const MAX_READS = 6;
const BETWEEN_READS_MS = 40;
const SETTLING_MS = 25;

/**
 * The counter is read before and after: where it moved the cells may be of either side, and are read again. A query may see
 * some writes of a transaction a moment before others: whatever shows first, the rest is given time to be seen.
 */
async function readSpend(connection: Connection, spans: readonly SlotSpan[]): Promise<SpendReading> {
  let before = await readCounter(connection);
  await connection.sleep(SETTLING_MS);
  for (let reads = 1; ; reads++) {
    const cells: Cell[] = [];
    for (const span of spans) cells.push(...(await readSpan(connection, span)));
    if (spans.length > 0) await connection.sleep(SETTLING_MS);
    const after = await readCounter(connection);
    if (after === before || spans.length === 0) return { cells, recordings: after };
    if (reads === MAX_READS) throw new Error("the ledger kept moving while its cells were read");
    before = after;
    await connection.sleep(BETWEEN_READS_MS * reads);
  }
}

async function readLedger(connection: Connection): Promise<LedgerState> {
  const attributes = await readStateItem(connection, LEDGER);
  if (attributes === undefined) return EMPTY_LEDGER;
  const item = fromItem<LedgerItem>(attributes);
  const where = connection.where(LEDGER);
  const version = versionOf(item);
  if (version === undefined) throw unreadable(where, "its version is no whole number");
  return { version, ...decodeLedger(item.text, where) };
}

async function writeLedgerState(connection: Connection, state: LedgerState): Promise<void> {
  const writeId = randomUUID();
  const content: Omit<LedgerItem, "pk" | "sk"> = {
    version: state.version + 1,
    text: encodeLedger(state),
    writeId,
  };
  const command = new PutItemCommand({
    ...versionedPut(connection, LEDGER, content, state.version),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    ReturnConsumedCapacity: "TOTAL",
  });
  const conflict = `the ledger has moved on from version ${state.version}`;
  await writeOnce(connection, writeId, conflict, () => connection.client.send(command));
}

export const dynamoLedger = (connection: Connection): LedgerStore => ({
  writeLedger: (writes) => writeLedger(connection, writes),
  readRun: (runId) => readRun(connection, runId),
  readRuns: (runIds) => readRuns(connection, runIds),
  allRuns: () => allRuns(connection),
  readSpend: (spans) => readSpend(connection, spans),
  readLedger: () => readLedger(connection),
  writeLedgerState: (state) => writeLedgerState(connection, state),
});
