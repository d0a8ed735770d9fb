import type { Run } from "../../policy/index.ts";
import { detailOf, settingsOf } from "./decode-detail.ts";
import { instantOf, isObject, microUsdOf, numberOf, textOf, type Unread } from "./json.ts";
import { isAddressable } from "./request.ts";

/**
 * A run as the list shows it. `undefined` when what everything rests on is missing: id, Actor, status or start. All
 * else is lenient: unknown keys and statuses are fine, and what can't be read is absent, never 0.
 */
function decodeRun(data: unknown): Run | undefined {
  if (!isObject(data)) return undefined;
  const id = textOf(data.id);
  const actorId = textOf(data.actId);
  const status = textOf(data.status);
  const startedAt = instantOf(data.startedAt);
  if (id === undefined || !isAddressable(id)) return undefined;
  if (actorId === undefined || !isAddressable(actorId) || status === undefined || startedAt === undefined)
    return undefined;
  const actorTaskId = textOf(data.actorTaskId);
  const finishedAt = instantOf(data.finishedAt);
  const usageTotalMicroUsd = microUsdOf(data.usageTotalUsd);
  const origin = isObject(data.meta) ? textOf(data.meta.origin) : undefined;
  return {
    id,
    actorId,
    ...(actorTaskId !== undefined && { actorTaskId }),
    status,
    startedAt,
    ...(finishedAt && { finishedAt }),
    ...(origin !== undefined && { origin }),
    ...(usageTotalMicroUsd !== undefined && { usageTotalMicroUsd }),
  };
}

/** A run as its own endpoint shows it, with what lists omit. */
export function decodeDetailedRun(data: unknown): Run | undefined {
  const run = decodeRun(data);
  return run && isObject(data) ? { ...run, settings: settingsOf(data), detail: detailOf(data) } : undefined;
}

type Page = {
  readonly runs: readonly Run[];
  /** Items on the page, those that can't be read included. */
  readonly count: number;
  /** How many items the API was ready to answer; it may allow fewer than were asked for. */
  readonly limit: number;
};

/** `undefined` without an array of items: that is no empty list. */
export function decodePage({ items, limit }: Unread): Page | undefined {
  if (!Array.isArray(items)) return undefined;
  const runs = items.map(decodeRun).filter((run) => run !== undefined);
  // Without a readable limit any page may be a full one: only an empty page ends the list then.
  const applied = numberOf(limit) ?? 0;
  return { runs, count: items.length, limit: applied > 0 ? applied : Math.max(items.length, 1) };
}
