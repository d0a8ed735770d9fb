import type { SealedEntry } from "../../watchdog/model/entry.ts";
import type { StoredEntry } from "../../watchdog/model/ports.ts";
import { copiesOf } from "../../watchdog/stored/codec.ts";
import type { Connection } from "./connection.ts";
import { type Attributes, fromItem, toItem } from "./items.ts";
import { chainOf, type EntryItem, monthPartition, placeOf } from "./table.ts";

/** An entry's item: the text, its hash, and copies of the fields that are looked for. */
export function entryItem(connection: Connection, { entry, text, hash }: SealedEntry): Attributes {
  const { chain, sequence, entryId, at } = entry;
  const item: EntryItem = {
    pk: connection.chainPartition(chain),
    sk: sequence,
    hash,
    text,
    ...copiesOf(entry),
    month: monthPartition(connection.account, at),
    place: placeOf(at, entryId),
  };
  return toItem(item);
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Never throws: an attribute that was removed or spoilt reads as empty, and `verify` finds it. */
export function storedEntryOf(account: string, attributes: Attributes): StoredEntry {
  const item = fromItem<EntryItem>(attributes);
  const { runId, actorId, ruleId } = item;
  return {
    chain: chainOf(account, textOf(item.pk)),
    sequence: Number(item.sk),
    text: textOf(item.text),
    hash: textOf(item.hash),
    copies: {
      entryId: textOf(item.entryId),
      kind: textOf(item.kind),
      at: textOf(item.at),
      ...(runId !== undefined && { runId: textOf(runId) }),
      ...(actorId !== undefined && { actorId: textOf(actorId) }),
      ...(ruleId !== undefined && { ruleId: textOf(ruleId) }),
    },
  };
}
