import { figureIn } from "../runs/figure.ts";
import { actorAt, type Run } from "../runs/run.ts";
import { shownStatus } from "../runs/shown-status.ts";
import type { Sight } from "../runs/sight.ts";
import { endOf, lifeAt } from "../runs/timeline.ts";
import { buildOf } from "./build.ts";
import { type Reader, seesTotal } from "./reader.ts";
import { instantOf } from "./timestamp.ts";

/** A run as lists show it: the documented short form, without stats, options and breakdown. */
export function shortRun(run: Run, sight: Sight, reader: Reader) {
  const actor = actorAt(run, sight.statusMs);
  return {
    id: run.id,
    actId: actor.id,
    userId: run.user.id,
    actorTaskId: run.task?.id ?? null,
    startedAt: instantOf(run, run.startedAtMs),
    finishedAt: finishedAt(run, sight.statusMs),
    status: shownStatus(run, sight),
    buildId: actor.buildId,
    ...buildOf(run, sight.statusMs),
    meta: meta(run),
    ...totalUsd(run, sight, reader),
    defaultKeyValueStoreId: run.storeIds.keyValue,
    defaultDatasetId: run.storeIds.dataset,
    defaultRequestQueueId: run.storeIds.queue,
  };
}

/** The end of the life in which the run is at `atMs`, or null while it is live; or what is left of the life before. */
export function finishedAt(run: Run, atMs: number): string | null {
  const life = lifeAt(run, atMs);
  const end = life && endOf(life);
  if (end && end.atMs <= atMs) return instantOf(run, end.atMs);
  const before = life && run.character.keepsFinishedAt ? run.lives[run.lives.indexOf(life) - 1] : undefined;
  const earlier = before && endOf(before);
  return earlier ? instantOf(run, earlier.atMs) : null;
}

/** How the run was started; a scheduled run says by which schedule and when it was due. */
export function meta(run: Run) {
  const { origin } = run.character;
  const { scheduleId } = run.scheduled ? { scheduleId: run.scheduled.id } : run.character;
  if (origin !== "SCHEDULER") return { origin, clientIp: "172.234.12.34", userAgent: "Mozilla/5.0 (iPad)" };
  const dueAt = instantOf(run, run.scheduled?.atMs ?? Math.floor(run.startedAtMs / 60_000) * 60_000);
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
