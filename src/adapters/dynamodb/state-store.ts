import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { decodePolicy } from "../../watchdog/codec.ts";
import type { StateStore } from "../../watchdog/ports.ts";
import type { Connection } from "./connection.ts";
import { readControl, writeControl } from "./control-item.ts";
import { fromItem, toItem } from "./items.ts";
import { readLive, writeLive } from "./live-item.ts";
import { readNames, writeNames } from "./name-items.ts";
import { readRun, writeRuns } from "./run-items.ts";
import { type PolicyItem, policySort } from "./table.ts";

/** The account's mutable state in the state table. */
export const dynamoStateStore = (connection: Connection): StateStore => ({
  readControl: () => readControl(connection),
  writeControl: (next, expectedVersion) => writeControl(connection, next, expectedVersion),
  readLive: () => readLive(connection),
  writeLive: (live) => writeLive(connection, live),
  readPolicy: (version) => readPolicy(connection, version),
  writeRuns: (records) => writeRuns(connection, records),
  readRun: (runId) => readRun(connection, runId),
  readNames: (kind, ids) => readNames(connection, kind, ids),
  writeNames: (kind, names) => writeNames(connection, kind, names),
  takeConsumedCapacity: () => connection.takeCapacity(),
});

async function readPolicy(connection: Connection, version: number): Promise<unknown> {
  const command = new GetItemCommand({
    TableName: connection.stateTable,
    Key: toItem(connection.stateKey(policySort(version))),
    ConsistentRead: true,
    ReturnConsumedCapacity: "TOTAL",
  });
  const { Item } = await connection.read(() => connection.client.send(command));
  return Item && decodePolicy(fromItem<PolicyItem>(Item).text, connection.where(policySort(version)));
}
