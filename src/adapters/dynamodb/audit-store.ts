import { CONTROL_CHAIN, type Head } from "../../watchdog/model/entry.ts";
import type { Append, AuditStore, StoredEntry } from "../../watchdog/model/ports.ts";
import { checkAppend } from "../../watchdog/stored/check-append.ts";
import { partsOf } from "./append.ts";
import { chainHeads, readChainHead } from "./chain-heads.ts";
import type { Connection } from "./connection.ts";
import { readControl } from "./control-item.ts";
import { storedEntryOf } from "./entry-item.ts";
import { namesIn, toItem } from "./items.ts";
import { listEntries } from "./list-entries.ts";
import { allItemsOf, scannedItems } from "./pages.ts";
import { chainPartition } from "./table.ts";
import { transact, transactGet } from "./transact.ts";

/** The account's entries in the audit table. Nothing is written there but by a transaction that puts. */
export const dynamoAuditStore = (connection: Connection): AuditStore => ({
  readChain: (chain) => readChain(connection, chain),
  isTaken: (chain, sequence) => isTaken(connection, chain, sequence),
  append: (append) => appendTo(connection, append),
  list: (span) => listEntries(connection, span),
  readHead: (chain) => readHead(connection, chain),
  all: () => allEntries(connection),
  heads: () => heads(connection),
});

async function appendTo(connection: Connection, append: Append): Promise<void> {
  checkAppend(append, connection.account);
  await transact(connection, partsOf(connection, append));
}

async function readChain(connection: Connection, chain: string): Promise<readonly StoredEntry[]> {
  const items = await allItemsOf(connection, {
    TableName: connection.auditTable,
    KeyConditionExpression: "#pk = :chain",
    ExpressionAttributeNames: namesIn("#pk"),
    ExpressionAttributeValues: toItem({ ":chain": connection.chainPartition(chain) }),
    ConsistentRead: true,
  });
  return items.map((item) => storedEntryOf(connection.account, item));
}

async function isTaken(connection: Connection, chain: string, sequence: number): Promise<boolean> {
  const key = { pk: connection.chainPartition(chain), sk: sequence };
  return (await transactGet(connection, connection.auditTable, key)) !== undefined;
}

const readHead = async (connection: Connection, chain: string): Promise<Head | undefined> =>
  chain === CONTROL_CHAIN ? (await readControl(connection)).head : readChainHead(connection, chain);

/** By the table's own keys: an index, or a head, may be missing what is looked for. */
async function* allEntries(connection: Connection): AsyncGenerator<StoredEntry> {
  const condition = "begins_with(#pk, :account)";
  const items = scannedItems(connection, {
    TableName: connection.auditTable,
    FilterExpression: condition,
    ExpressionAttributeNames: namesIn(condition),
    ExpressionAttributeValues: toItem({ ":account": chainPartition(connection.account, "") }),
    ConsistentRead: true,
  });
  for await (const item of items) yield storedEntryOf(connection.account, item);
}

async function* heads(connection: Connection): AsyncGenerator<{ chain: string; head: Head }> {
  const { head } = await readControl(connection);
  if (head) yield { chain: CONTROL_CHAIN, head };
  yield* chainHeads(connection);
}
