import { ServiceError } from "../errors.ts";
import type { Latitude } from "../latitude.ts";
import type { Table } from "../table.ts";

/** What a request meets: the tables, the instant at which it takes effect, and when its sender let it go. */
export type Scene = {
  readonly tables: Map<string, Table>;
  readonly latitude: Latitude;
  readonly nowMs: number;
  readonly sentMs: number;
};

/** What an operation answers, and how much later than its effect. */
export type Done = { readonly output: object; readonly tookMs?: number };

export function tableOf({ tables }: Scene, name: string): Table {
  const table = tables.get(name);
  if (table) return table;
  throw new ServiceError("ResourceNotFoundException", "Requested resource not found");
}

/**
 * The instant that a read is of. A strongly consistent one "reflects the updates from all prior write operations that
 * were successful" (guide: "DynamoDB read consistency"), so it lies between the request's sending and now; several
 * items are read one after another, the `share` of them before this one.
 */
export function readAtMs(scene: Scene, isConsistent: boolean, share = 1): number {
  const { nowMs, sentMs, latitude } = scene;
  if (!isConsistent) return nowMs - latitude.staleMs();
  return Math.round(sentMs + (nowMs - sentMs) * share);
}
