import { brotliDecompressSync } from "node:zlib";
import type { Table } from "../../support/dynamo/table.ts";
import type { Item } from "../../support/dynamo/values.ts";
import { AGED_KINDS, type AgedKind, aged } from "./aged.ts";

/** `name#actor#<id>` is a name, `control` alone the control item. */
function kindOf(sort: string): AgedKind | undefined {
  const [head = "", ...rest] = sort.split("#");
  const kind = AGED_KINDS.find((each) => each === head);
  const isAlone = kind === "live" || kind === "control" || kind === "ledger";
  return isAlone === (rest.length === 0) ? kind : undefined;
}

const textOf = ({ text, packed }: Item): string | undefined =>
  packed?.B === undefined ? text?.S : brotliDecompressSync(Buffer.from(packed.B, "base64")).toString("utf8");

function agedItem(kind: AgedKind, item: Item): Item {
  const text = textOf(item);
  if (text === undefined) return item;
  const { packed: _packed, ...rest } = item;
  return { ...rest, text: { S: aged(kind, text) } };
}

/** The items of the state table as they were kept: the live index not packed, and the cells of a slot in one item. */
export function ageItems(table: Table, nowMs: number): void {
  const moment = { nowMs, fromMs: nowMs };
  const cells = new Map<string, Item>();
  for (const slot of [...table.all()]) {
    const { S: sort = "" } = slot.key.sk ?? {};
    const item = slot.decided;
    if (item === undefined) continue;
    const kind = kindOf(sort);
    if (kind) table.write(slot, agedItem(kind, item), moment);
    if (!/^spend#.*\/\d+$/.test(sort)) continue;
    const whole = sort.replace(/\/\d+$/, "");
    cells.set(whole, { ...cells.get(whole), ...item, sk: { S: whole } });
    table.write(slot, undefined, moment);
  }
  for (const item of cells.values()) {
    const { pk, sk } = item;
    if (pk && sk) table.write(table.slotOf({ pk, sk }), item, moment);
  }
}
