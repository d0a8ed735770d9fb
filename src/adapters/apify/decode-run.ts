import { isEnded, type Run } from "../../policy/index.ts";
import { detailOf, settingsOf, told } from "./decode-detail.ts";
import { isObject, microUsdOf, numberOf, pastInstantOf, textOf, type Unread } from "./http/json.ts";
import { isAddressable } from "./http/request.ts";

/**
 * A run as the list shows it. `undefined` when what everything rests on is missing: id, Actor, status, or a start that can
 * have been by `at`, for its age, its life and the hours that its money belongs to all hang on that. All else is lenient:
 * unknown keys and statuses are fine, and what can't be read is absent, never 0.
 */
function decodeRun(data: unknown, at: Date): Run | undefined {
  if (!isObject(data)) return undefined;
  const id = textOf(data.id);
  const actorId = textOf(data.actId);
  const status = textOf(data.status);
  const startedAt = pastInstantOf(data.startedAt, at);
  if (id === undefined || !isAddressable(id)) return undefined;
  if (actorId === undefined || !isAddressable(actorId) || status === undefined || startedAt === undefined)
    return undefined;
  const meta = isObject(data.meta) ? data.meta : {};
  return {
    id,
    actorId,
    status,
    startedAt,
    ...told({
      actorTaskId: textOf(data.actorTaskId),
      finishedAt: isEnded(status) ? pastInstantOf(data.finishedAt, at) : undefined,
      origin: textOf(meta.origin),
      scheduleId: textOf(meta.scheduleId),
      userId: textOf(data.userId),
      usageTotalMicroUsd: microUsdOf(data.usageTotalUsd),
    }),
  };
}

/** A run as its own endpoint shows it, with what lists omit. */
export function decodeDetailedRun(data: unknown, at: Date): Run | undefined {
  const run = decodeRun(data, at);
  return run && isObject(data)
    ? { ...run, settings: settingsOf(data), detail: detailOf(data, at) }
    : undefined;
}

type Page = {
  readonly runs: readonly Run[];
  /** Items on the page, those that can't be read included. */
  readonly count: number;
  /** How many items the API was ready to answer; it may allow fewer than were asked for. */
  readonly limit: number;
};

/** `undefined` without an array of items: that is no empty list. */
export function decodePage({ items, limit }: Unread, at: Date): Page | undefined {
  if (!Array.isArray(items)) return undefined;
  const runs = items.map((item) => decodeRun(item, at)).filter((run) => run !== undefined);
  // Without a readable limit any page may be a full one: only an empty page ends the list then.
  const applied = numberOf(limit) ?? 0;
  return { runs, count: items.length, limit: applied > 0 ? applied : Math.max(items.length, 1) };
}
