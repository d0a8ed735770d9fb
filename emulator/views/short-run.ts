import { figureIn } from "../runs/figure.ts";
import { actorAt, type Run } from "../runs/run.ts";
import type { Sight } from "../runs/sight.ts";
import { endOf, lifeAt, statusAt } from "../runs/timeline.ts";
import { buildOf } from "./build.ts";
import { type Reader, seesTotal } from "./reader.ts";

/** Apify's form of an instant: ISO 8601, UTC, milliseconds. */
export function timestamp(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** A run as lists show it: the documented short form, without stats, options and breakdown. */
export function shortRun(run: Run, sight: Sight, reader: Reader) {
  const actor = actorAt(run, sight.statusMs);
  return {
    id: run.id,
    actId: actor.id,
    userId: run.user.id,
    actorTaskId: run.task?.id ?? null,
    startedAt: timestamp(run.startedAtMs),
    finishedAt: finishedAt(run, sight.statusMs),
    status: statusAt(run, sight.statusMs),
    buildId: actor.buildId,
    ...buildOf(run, sight.statusMs),
    meta: meta(run),
    ...totalUsd(run, sight, reader),
    defaultKeyValueStoreId: run.storeIds.keyValue,
    defaultDatasetId: run.storeIds.dataset,
    defaultRequestQueueId: run.storeIds.queue,
  };
}

/** The end of the life in which the run is at `atMs`, or null while it is live. */
export function finishedAt(run: Run, atMs: number): string | null {
  const life = lifeAt(run, atMs);
  const end = life && endOf(life);
  return end && end.atMs <= atMs ? timestamp(end.atMs) : null;
}

/** How the run was started; a scheduled run says by which schedule and when it was due. */
export function meta(run: Run) {
  const { origin } = run.character;
  const { scheduleId } = run.scheduled ? { scheduleId: run.scheduled.id } : run.character;
  if (origin !== "SCHEDULER") return { origin, clientIp: "172.234.12.34", userAgent: "Mozilla/5.0 (iPad)" };
  const dueAt = timestamp(run.scheduled?.atMs ?? Math.floor(run.startedAtMs / 60_000) * 60_000);
  return {
    origin,
    clientIp: null,
    userAgent: "node-fetch",
    scheduleId: scheduleId ?? null,
    scheduledAt: dueAt,
  };
}

/** `usageTotalUsd`: required by the reference, missing in practice for some runs, whence the three forms. */
export function totalUsd(run: Run, sight: Sight, reader: Reader): { usageTotalUsd?: number | null } {
  if (!seesTotal(run, reader)) return {};
  const usageTotalUsd = figureIn(run, sight);
  return usageTotalUsd === undefined ? {} : { usageTotalUsd };
}
