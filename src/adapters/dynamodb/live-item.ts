import { randomUUID } from "node:crypto";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { EMPTY_LIVE, type Live } from "../../watchdog/model/live.ts";
import { decodeLive, encodeLive, unreadable } from "../../watchdog/stored/codec.ts";
import type { Connection } from "./connection.ts";
import { fromItem, namesIn, toItem, versionOf } from "./items.ts";
import { pack, unpack } from "./packed-text.ts";
import { allItemsOf } from "./pages.ts";
import { readStateItem, versionedPut } from "./state-item.ts";
import { LIVE, type LiveItem, type LivePartItem, livePartSort } from "./table.ts";
import { transact, writeOnce } from "./transact.ts";

/** An item holds 400 KB, its other attributes included. */
const MAX_BYTES = 300_000;

const split = (packed: Uint8Array): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(packed.length / MAX_BYTES) }, (_, part) =>
    packed.subarray(part * MAX_BYTES, (part + 1) * MAX_BYTES),
  );

/** Replaces the live index: one item, or a header and its parts in one transaction. */
export async function writeLive(connection: Connection, live: Live): Promise<void> {
  const packed = pack(encodeLive(live));
  const version = live.version + 1;
  const conflict = `the live index has moved on from version ${live.version}`;
  if (packed.length <= MAX_BYTES) {
    const writeId = randomUUID();
    const command = new PutItemCommand({
      ...livePut(connection, { version, packed, writeId }, live.version),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      ReturnConsumedCapacity: "TOTAL",
    });
    return writeOnce(connection, writeId, conflict, () => connection.client.send(command));
  }
  const parts = split(packed);
  const header = {
    write: { Put: livePut(connection, { version, parts: parts.length }, live.version) },
    conflict,
  };
  const rest = parts.map((part, index) => {
    const item: LivePartItem = { ...connection.stateKey(livePartSort(index)), version, packed: part };
    return { write: { Put: { TableName: connection.stateTable, Item: toItem(item) } } };
  });
  await transact(connection, [header, ...rest]);
}

const livePut = (connection: Connection, content: Omit<LiveItem, "pk" | "sk">, seen: number) =>
  versionedPut(connection, LIVE, content, seen);

const MAX_READS = 5;
const BETWEEN_READS_MS = 30;

/** Reads header and parts. Parts of another version than the header's were written in between: reads again. */
export async function readLive(connection: Connection): Promise<Live> {
  for (let reads = 1; ; reads++) {
    const item = await readStateItem(connection, LIVE);
    if (item === undefined) return { ...EMPTY_LIVE, runs: new Map() };
    const header = fromItem<LiveItem>(item);
    const where = connection.where(LIVE);
    const version = versionOf(header);
    if (version === undefined) throw unreadable(where, "its version is no whole number");
    if (header.parts === undefined) return { version, ...decodeLive(textOf(header, where), where) };
    if (!(Number.isSafeInteger(header.parts) && Number(header.parts) > 0))
      throw unreadable(where, `it is in "${header.parts}" parts`);
    const text = await readParts(connection, Number(header.parts), version);
    if (text !== undefined) return { version, ...decodeLive(text, where) };
    if (reads === MAX_READS)
      throw unreadable(where, `its ${header.parts} parts are not all of version ${version}`);
    await connection.sleep(BETWEEN_READS_MS);
  }
}

/** `undefined` when a part is missing or of another version. */
async function readParts(connection: Connection, count: number, version: number): Promise<unknown> {
  const items = await allItemsOf(connection, {
    TableName: connection.stateTable,
    KeyConditionExpression: "#pk = :account AND #sk BETWEEN :first AND :last",
    ExpressionAttributeNames: namesIn("#pk #sk"),
    ExpressionAttributeValues: toItem({
      ":account": connection.account,
      ":first": livePartSort(0),
      ":last": livePartSort(count - 1),
    }),
    ConsistentRead: true,
  });
  const parts = items.map((item) => fromItem<LivePartItem>(item));
  const isWhole = parts.length === count && parts.every((part) => part.version === version);
  if (!isWhole) return undefined;
  if (parts.every(({ packed }) => packed === undefined))
    return parts.map(({ text }) => String(text)).join("");
  const packed = Buffer.concat(
    parts.map((part) => (part.packed instanceof Uint8Array ? part.packed : new Uint8Array())),
  );
  return textOf({ packed }, connection.where(LIVE));
}

/** As it is packed, or as it was kept before it was. */
function textOf(
  { packed, text }: { readonly packed?: unknown; readonly text?: unknown },
  where: string,
): unknown {
  if (packed === undefined) return text;
  const unpacked = unpack(packed);
  if (unpacked === undefined) throw unreadable(where, "what is packed in it can't be unpacked");
  return unpacked;
}
