import type { Latitude } from "./latitude.ts";
import { isIndexed, type Keys, keyOf, type Schema, sortText } from "./schema.ts";
import { Slot } from "./slot.ts";
import { type Item, sizeOf } from "./values.ts";

/** Slots of one partition key, ascending by their sort key. */
type Partition = { readonly sorts: string[]; readonly slots: Map<string, Slot> };

/** "The maximum item size in DynamoDB is 400 KB" (guide: Constraints; a KB is 1024 bytes). */
export const MAX_ITEM_BYTES = 400 * 1024;

const FIVE_YEARS_MS = 5 * 365 * 24 * 60 * 60_000;

/** When a write was decided, and from when on readers may see it. */
export type Moment = { readonly nowMs: number; readonly fromMs: number };

export class Table {
  readonly schema: Schema;
  readonly #latitude: Latitude;
  readonly #partitions = new Map<string, Partition>();
  /** The attribute that holds when an item expires, in epoch seconds. */
  expiresBy: string | undefined;
  /** Grows with each write. */
  writes = 0;

  constructor(schema: Schema, latitude: Latitude) {
    this.schema = schema;
    this.#latitude = latitude;
  }

  slotOf(key: Item): Slot {
    const { hash, range } = this.schema.keys;
    const partition = this.#partition(sortText(key[hash]));
    const sort = sortText(key[range]);
    const known = partition.slots.get(sort);
    if (known) return known;
    const slot = new Slot(key);
    partition.slots.set(sort, slot);
    partition.sorts.splice(placeIn(partition.sorts, sort), 0, sort);
    return slot;
  }

  #partition(hash: string): Partition {
    const known = this.#partitions.get(hash);
    if (known) return known;
    const partition: Partition = { sorts: [], slots: new Map() };
    this.#partitions.set(hash, partition);
    return partition;
  }

  /** The slots of a partition, ascending. */
  *partition(hash: Item[string]): Generator<Slot> {
    const partition = this.#partitions.get(sortText(hash));
    for (const sort of partition?.sorts ?? []) {
      const slot = partition?.slots.get(sort);
      if (slot) yield slot;
    }
  }

  /** Every slot, those of a partition together and ascending. */
  *all(): Generator<Slot> {
    for (const { sorts, slots } of this.#partitions.values()) {
      for (const sort of sorts) {
        const slot = slots.get(sort);
        if (slot) yield slot;
      }
    }
  }

  write(slot: Slot, item: Item | undefined, { nowMs, fromMs }: Moment): void {
    this.writes += 1;
    slot.write(item, { nowMs, fromMs, goneMs: item && this.#goneMs(item, fromMs) });
  }

  /** Only a number counts as a time of expiry, and none of more than five years ago (guide: "Using time to live"). */
  #goneMs(item: Item, writtenMs: number): number | undefined {
    const { N } = (this.expiresBy !== undefined && item[this.expiresBy]) || {};
    const expiresMs = Number(N) * 1000;
    if (N === undefined || expiresMs < writtenMs - FIVE_YEARS_MS) return undefined;
    return Math.max(expiresMs, writtenMs) + this.#latitude.expiryDelayMs();
  }

  /** Does each index take it? Throws where an index's key is of another type. */
  indexesOf(item: Item | undefined): readonly Keys[] {
    if (item === undefined) return [];
    return [...this.schema.indexes.values()].filter((keys) => isIndexed(this.schema, keys, item));
  }

  keyOf(item: Item): Item {
    return keyOf(this.schema, item);
  }
}

function placeIn(sorts: readonly string[], sort: string): number {
  let [low, high] = [0, sorts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorts[middle] ?? "") < sort) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const isTooLarge = (item: Item): boolean => sizeOf(item) > MAX_ITEM_BYTES;
