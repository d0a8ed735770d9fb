import { NotModelled } from "./errors.ts";
import type { Item } from "./values.ts";

type Version = { readonly fromMs: number; readonly item: Item | undefined };

/** No read is further behind than this. */
const HISTORY_MS = 120_000;

/** One key's place in a table: what stands there, what stood a moment ago, and what will from some instant on. */
export class Slot {
  readonly key: Item;
  #versions: readonly Version[] = [];
  #decided: Item | undefined;
  /** A transaction is at work on it until then. */
  busyUntilMs = Number.NEGATIVE_INFINITY;

  constructor(key: Item) {
    this.key = key;
  }

  asOf(ms: number, nowMs: number): Item | undefined {
    if (ms < nowMs - HISTORY_MS) throw new NotModelled(`a read that is ${nowMs - ms} ms behind`);
    return this.#versions.findLast(({ fromMs }) => fromMs <= ms)?.item;
  }

  /** What was written last, although no reader may see it yet. */
  get decided(): Item | undefined {
    return this.#decided;
  }

  /** Writes what stands from an instant on. `goneMs`: when it will have expired and been removed. */
  write(item: Item | undefined, at: { nowMs: number; fromMs: number; goneMs?: number | undefined }): void {
    const { nowMs, fromMs, goneMs } = at;
    const past = this.#versions.filter((version) => version.fromMs <= nowMs);
    const oldest = past.findLastIndex((version) => version.fromMs <= nowMs - HISTORY_MS);
    const gone = goneMs === undefined ? [] : [{ fromMs: Math.max(goneMs, fromMs), item: undefined }];
    this.#versions = [...past.slice(Math.max(oldest, 0)), { fromMs, item }, ...gone];
    this.#decided = item;
  }
}
