import type { Action, Schedule } from "../schedules/schedule.ts";
import { timestamp } from "./timestamp.ts";

const instant = (atMs: number | undefined) => (atMs === undefined ? null : timestamp(atMs));

/** What lists and details have in common, with the keys of the reference. */
const base = (schedule: Schedule) => ({
  id: schedule.id,
  userId: schedule.user.id,
  name: schedule.name,
  cronExpression: schedule.cronExpression,
  timezone: schedule.timezone,
  isEnabled: schedule.isEnabled,
  isExclusive: schedule.isExclusive,
  createdAt: timestamp(schedule.createdAtMs),
  modifiedAt: timestamp(schedule.modifiedAtMs),
  nextRunAt: instant(schedule.nextMs),
  lastRunAt: instant(schedule.lastMs),
});

const starts = ({ id, actor, task }: Action) =>
  task ? { id, type: "RUN_ACTOR_TASK", actorTaskId: task.id } : { id, type: "RUN_ACTOR", actorId: actor.id };

/** An item of `GET /v2/schedules`: what its actions start, and not with what. */
export const shortScheduleView = (schedule: Schedule) => ({
  ...base(schedule),
  actions: schedule.actions.map(starts),
});

/** `GET /v2/schedules/{id}`. */
export const scheduleView = (schedule: Schedule) => ({
  ...base(schedule),
  title: schedule.title,
  description: schedule.description,
  notifications: { email: true },
  actions: schedule.actions.map((action) => ({ ...starts(action), ...input(action), ...action.told })),
});

function input({ task, script }: Action) {
  if (task) return { input: null };
  const { build = "latest", timeoutSecs = 0, memoryMbytes = 1_024, maxTotalChargeUsd = null } = script;
  const runOptions = {
    build,
    timeoutSecs,
    memoryMbytes,
    maxItems: null,
    maxTotalChargeUsd,
    restartOnError: false,
  };
  return { runInput: null, runOptions };
}
