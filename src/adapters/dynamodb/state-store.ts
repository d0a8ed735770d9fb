import type { ActorOrTask, KnownTypical, StateStore } from "../../watchdog/model/ports.ts";
import { decodePolicy, decodeTypical, encodeTypical } from "../../watchdog/stored/codec.ts";
import { readAwaited, writeAwaited } from "./awaited-items.ts";
import type { Connection } from "./connection.ts";
import { readControl, writeControl } from "./control-item.ts";
import { fromItem, namesIn } from "./items.ts";
import { type Kept, readKept, writeKept } from "./kept/kept-items.ts";
import { keptNames } from "./kept/kept-names.ts";
import { dynamoLedger } from "./ledger-store.ts";
import { readLive, writeLive } from "./live-item.ts";
import { markTampering, unmarkTampering } from "./notifier/tampering-mark.ts";
import { firstScanned } from "./pages.ts";
import { readStateItem } from "./state-item.ts";
import { type KeptItem, type PolicyItem, policySort, typicalSort } from "./table.ts";

const typical = (kind: ActorOrTask): Kept<KnownTypical> => ({
  sortOf: (id) => typicalSort(kind, id),
  encode: encodeTypical,
  decode: decodeTypical,
});

/** The account's mutable state in the state table. */
export const dynamoStateStore = (connection: Connection): StateStore => ({
  ...dynamoLedger(connection),
  readControl: () => readControl(connection),
  writeControl: (next, expectedVersion) => writeControl(connection, next, expectedVersion),
  markTampering: (seen) => markTampering(connection, seen),
  unmarkTampering: (mark) => unmarkTampering(connection, mark),
  readLive: () => readLive(connection),
  writeLive: (live) => writeLive(connection, live),
  writeAwaited: (awaited) => writeAwaited(connection, awaited),
  readAwaited: (span) => readAwaited(connection, span),
  readPolicy: (version) => readPolicy(connection, version),
  readNames: (kind, ids) => readKept(connection, keptNames(kind), ids),
  writeNames: (kind, found) => writeKept(connection, keptNames(kind), found),
  readTypical: (kind, ids) => readKept(connection, typical(kind), ids),
  writeTypical: (kind, found) => writeKept(connection, typical(kind), found),
  readAccounts: () => readAccounts(connection),
  takeConsumedCapacity: () => connection.takeCapacity(),
});

async function readPolicy(connection: Connection, version: number): Promise<unknown> {
  const sort = policySort(version);
  const item = await readStateItem(connection, sort);
  return item && decodePolicy(fromItem<PolicyItem>(item).text, connection.where(sort));
}

/** A page says enough: it has somebody else's items, if this account has next to none. */
async function readAccounts(connection: Connection): Promise<readonly string[]> {
  const items = await firstScanned(connection, {
    TableName: connection.stateTable,
    ProjectionExpression: "#pk",
    ExpressionAttributeNames: namesIn("#pk"),
  });
  return [...new Set(items.map((item) => String(fromItem<KeptItem>(item).pk)))].toSorted();
}
