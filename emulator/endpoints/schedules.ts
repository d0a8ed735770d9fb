import type { Directory, Sources } from "../account/parts.ts";
import { edit, refusedEdit, type Schedule } from "../schedules/schedule.ts";
import { scheduleView, shortScheduleView } from "../views/schedule.ts";
import type { ScheduleEdit } from "../world/schedule.ts";
import type { Ask } from "./ask.ts";
import { paged } from "./list-named.ts";
import { jsonBody } from "./parameters.ts";
import { notFound } from "./refusals.ts";
import { plain, Refused, type Reply, success } from "./reply.ts";
import { wantedActions } from "./schedule-actions.ts";

type Known = Directory & Sources;

/** `GET /v2/schedules`: those that the user created, by `createdAt`. */
export function listSchedules(ask: Ask, { schedules, owner }: Known): Reply {
  const { user = owner } = ask;
  return paged(
    ask,
    schedules.filter((each) => each.user === user && !each.isDeleted),
    shortScheduleView,
  );
}

/** `GET /v2/schedules/{id}`. */
export const getSchedule = (ask: Ask, known: Known): Reply =>
  success(scheduleView(wantedSchedule(ask, known)));

/**
 * `PUT /v2/schedules/{id}`: "if the object does not define a specific property, its value will not be updated"; nor is one
 * that is null, but for title and description. Nothing in it is a condition. Answers the whole schedule.
 */
export function putSchedule(ask: Ask, known: Known): Reply {
  const schedule = wantedSchedule(ask, known);
  const given = jsonBody(ask);
  const change: ScheduleEdit = {
    ...typed(given, "string", "name", "cronExpression", "timezone"),
    ...typed(given, "boolean", "isEnabled", "isExclusive"),
    ...typed(given, "string or null", "title", "description"),
  };
  const wrong = refusedEdit(change);
  const isOfCron = refusedEdit(typed(given, "string", "cronExpression")) !== undefined;
  if (wrong) throw new Refused(400, isOfCron ? "cron-expression-invalid" : "invalid-input", wrong);
  refuseName(change.name, schedule, known);
  const actions = wantedActions(ask, given.actions, schedule, known);
  edit(schedule, { ...change, ...(actions && { actions }) }, ask.nowMs);
  return success(scheduleView(schedule), { effect: "none" });
}

/** `DELETE /v2/schedules/{id}`: 204. */
export function deleteSchedule(ask: Ask, known: Known): Reply {
  wantedSchedule(ask, known).isDeleted = true;
  return plain(204, "");
}

function wantedSchedule({ user, path }: Pick<Ask, "user" | "path">, { schedules }: Sources): Schedule {
  const schedule = schedules.find(({ id }) => id === path.schedule);
  if (schedule && schedule.user === user && !schedule.isDeleted) return schedule;
  throw notFound("schedule");
}

/** Those of the keys that are given, if they are of the type. */
function typed(
  given: Readonly<Record<string, unknown>>,
  type: "string" | "boolean" | "string or null",
  ...keys: readonly (keyof ScheduleEdit)[]
): ScheduleEdit {
  const takesNull = type === "string or null";
  const wanted = takesNull ? "string" : type;
  const values = keys.filter((key) => given[key] !== undefined && (takesNull || given[key] !== null));
  for (const key of values) {
    if (typeof given[key] === wanted || given[key] === null) continue;
    throw new Refused(400, "invalid-input", `Invalid input: ${key} must be ${type}`);
  }
  return Object.fromEntries(values.map((key) => [key, given[key]]));
}

/** Apify docs: a name is "3-63 characters long"; the type of the error says that it is the account's only one. */
function refuseName(name: string | undefined, schedule: Schedule, { schedules }: Sources): void {
  if (name === undefined) return;
  if (name.length < 3 || name.length > 63) {
    throw new Refused(400, "invalid-input", "Invalid input: name must be 3 to 63 characters long");
  }
  const isTaken = (other: Schedule) => other !== schedule && !other.isDeleted && other.name === name;
  if (schedules.some(isTaken)) {
    throw new Refused(400, "schedule-name-not-unique", `Schedule with name "${name}" already exists`);
  }
}
