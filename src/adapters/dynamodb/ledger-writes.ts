import type { TransactWriteItem, Update } from "@aws-sdk/client-dynamodb";
import { endOfSlot, type Slot, type SpendBySlot } from "../../policy/index.ts";
import type { LedgerWrite } from "../../watchdog/model/ledger-store.ts";
import { cellItemsOf, itemsOfSlot } from "../../watchdog/stored/check-ledger.ts";
import { curveFigures, encodeRecord, encodeWatched } from "../../watchdog/stored/codec.ts";
import { countedFigures } from "../../watchdog/stored/counted.ts";
import { type Amount, cellAttribute, cellsSort } from "./cell-items.ts";
import type { Connection } from "./connection.ts";
import { namesIn, toItem } from "./items.ts";
import { expiryOf, runSort, SPEND } from "./table.ts";

/**
 * DynamoDB's bounds of a transaction: 100 items, and 4 MB with what surrounds the texts. So many runs never move as many
 * cells of one slot as an expression has room for (300 operators, 4 KB).
 */
const MAX_ITEMS = 100;
const MAX_TEXT_BYTES = 3_000_000;

/** As many runs together as a transaction takes, in their order. It takes each item once. */
export function packed(writes: readonly LedgerWrite[]): readonly (readonly LedgerWrite[])[] {
  const packs: LedgerWrite[][] = [];
  let items = new Set<string>();
  let bytes = 0;
  for (const write of writes) {
    const attribute = cellAttribute(write.spender ?? write.record.run);
    const own = [...cellItemsOf(write)].map((slot) => cellsSort(slot, attribute));
    const size = Buffer.byteLength(encodeRecord(write.record));
    const pack = packs.at(-1);
    const together = new Set([...items, ...own]);
    const isThere = pack?.some(({ record }) => record.run.id === write.record.run.id);
    const fits = pack && pack.length + 1 + together.size + 1 <= MAX_ITEMS && bytes + size <= MAX_TEXT_BYTES;
    if (fits && !isThere) {
      pack.push(write);
      items = together;
      bytes += size;
      continue;
    }
    items = new Set(own);
    bytes = size;
    packs.push([write]);
  }
  return packs;
}

function runUpdate(
  connection: Connection,
  { record, expectedVersion, points = [], watched, counts, counted }: LedgerWrite,
): Update {
  const { run, settledAt } = record;
  // A run that has not settled may have an open intent, and must not expire under it.
  const expiry = settledAt && { ":expiresAt": expiryOf(run.finishedAt ?? settledAt) };
  const grown = points.length > 0 && "#curve = list_append(if_not_exists(#curve, :none), :points)";
  const sets = [
    "#text = :text, #recordedAt = :recordedAt, #recording = :recording",
    grown,
    watched && "#watched = :watched",
    counted && "#counted = :counted",
    expiry && "#expiresAt = :expiresAt",
  ];
  const expression = `SET ${sets.filter(Boolean).join(", ")}${expiry ? "" : " REMOVE #expiresAt"}`;
  const isExpected = expectedVersion === 0 ? "attribute_not_exists(#recording)" : "#recording = :expected";
  // A version that counts nothing may have written last: that a start is counted stands beside what it wrote.
  const condition = counts?.runs ? `${isExpected} AND attribute_not_exists(#counted)` : isExpected;
  return {
    TableName: connection.stateTable,
    Key: toItem(connection.stateKey(runSort(run.id))),
    UpdateExpression: expression,
    ConditionExpression: condition,
    ExpressionAttributeNames: namesIn(expression, condition),
    ExpressionAttributeValues: toItem({
      ":text": encodeRecord(record),
      ":recordedAt": record.recordedAt.getTime(),
      ":recording": record.version,
      ...(expectedVersion !== 0 && { ":expected": expectedVersion }),
      ...(grown && { ":none": [], ":points": curveFigures(points) }),
      ...(watched && { ":watched": encodeWatched(watched) }),
      ...(counted && { ":counted": countedFigures(counted) }),
      ...expiry,
    }),
  };
}

type Cells = { readonly slot: Slot; readonly amounts: Map<string, number> };

/** What a run adds to its cells: how much of what, by slot. */
const amountsOf = ({ spend, counts = {} }: LedgerWrite): readonly (readonly [Amount, SpendBySlot])[] => [
  ["microUsd", spend],
  ...Object.entries(counts).map(([of, bySlot]) => [of as Amount, bySlot] as const),
];

/** What all the runs of a transaction add, by item and by cell. */
function cellsOf(writes: readonly LedgerWrite[]): ReadonlyMap<string, Cells> {
  const items = new Map<string, Cells>();
  for (const write of writes) {
    const who = write.spender ?? write.record.run;
    const place = cellAttribute(who);
    for (const [of, bySlot] of amountsOf(write)) {
      const attribute = cellAttribute(who, of);
      for (const [slot, amount] of Object.entries(bySlot)) {
        for (const each of itemsOfSlot(slot)) {
          const sort = cellsSort(each, place);
          const cells = items.get(sort) ?? { slot: each, amounts: new Map<string, number>() };
          cells.amounts.set(attribute, (cells.amounts.get(attribute) ?? 0) + amount);
          items.set(sort, cells);
        }
      }
    }
  }
  return items;
}

function cellsUpdate(connection: Connection, sort: string, { slot, amounts }: Cells): Update {
  const all = [...amounts];
  const adds = all.map((_, i) => `#c${i} :c${i}`).join(", ");
  return {
    TableName: connection.stateTable,
    Key: toItem(connection.stateKey(sort)),
    UpdateExpression: `SET #expiresAt = :expiresAt ADD ${adds}`,
    ExpressionAttributeNames: {
      "#expiresAt": "expiresAt",
      ...Object.fromEntries(all.map(([name], i) => [`#c${i}`, name])),
    },
    ExpressionAttributeValues: toItem({
      ":expiresAt": expiryOf(endOfSlot(slot)),
      ...Object.fromEntries(all.map(([, amount], i) => [`:c${i}`, amount])),
    }),
  };
}

const counterUpdate = (connection: Connection): Update => ({
  TableName: connection.stateTable,
  Key: toItem(connection.stateKey(SPEND)),
  UpdateExpression: "ADD #recordings :one",
  ExpressionAttributeNames: { "#recordings": "recordings" },
  ExpressionAttributeValues: toItem({ ":one": 1 }),
});

/** One transaction: the runs' items, in the order of `writes`, the cells that they add to, and the counter. */
export const transactionOf = (
  connection: Connection,
  writes: readonly LedgerWrite[],
): readonly TransactWriteItem[] => [
  ...writes.map((write) => ({ Update: runUpdate(connection, write) })),
  ...[...cellsOf(writes)].map(([sort, cells]) => ({ Update: cellsUpdate(connection, sort, cells) })),
  { Update: counterUpdate(connection) },
];
