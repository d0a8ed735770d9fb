import { createHash } from "node:crypto";
import type { Schedule, ScheduleAnswer, ScheduleReading, ScheduleStart } from "../../watchdog/model/ports.ts";
import type { Connection } from "./http/connection.ts";
import { type Failure, GIVEN_UP, noAnswer } from "./http/failure.ts";
import { flagOf, instantOf, isObject, numberOf, textOf, type Unread } from "./http/json.ts";
import { ask } from "./http/read.ts";
import { type ApifyRequest, path } from "./http/request.ts";

/** The most that Apify answers at once today. */
const LIMIT = 1_000;
/** More than these no account's sources are looked for in. */
const MOST_PAGES = 10;

/** All schedules of the account, with what they start. Absent: the token may not list them (403). */
export async function listSchedules(
  connection: Connection,
  signal: AbortSignal,
): Promise<readonly Schedule[] | undefined> {
  const found = new Map<string, Schedule>();
  let offset = 0;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = { limit: String(LIMIT), offset: offset > 0 ? String(offset) : undefined };
    const request = { method: "GET", path: "/v2/schedules", query, wanted: "a list of schedules" } as const;
    const answered = await ask(connection, request, decodePage, signal);
    if (answered.kind !== "found") return undefined;
    const { schedules, count, limit } = answered.value;
    for (const each of schedules) found.set(each.id, each);
    offset += count;
    if (count === 0 || count < limit) break;
  }
  return [...found.values()];
}

export async function readSchedule(
  connection: Connection,
  id: string,
  signal: AbortSignal,
): Promise<ScheduleReading> {
  const request = { method: "GET", path: path`/v2/schedules/${id}`, wanted: "that schedule" } as const;
  const answered = await ask(connection, request, decodeThat(id), signal);
  return answered.kind === "found" ? { kind: "found", schedule: answered.value } : { kind: answered.kind };
}

/**
 * Sends the change at most once, whatever comes of it. Apify docs: "if the object does not define a specific property, its
 * value will not be updated", so nothing but this moves. Every error that this throws means that it had no effect.
 */
export async function setEnabled(
  connection: Connection,
  id: string,
  isEnabled: boolean,
  signal: AbortSignal,
): Promise<ScheduleAnswer> {
  const request: ApifyRequest = {
    method: "PUT",
    path: path`/v2/schedules/${id}`,
    body: JSON.stringify({ isEnabled }),
    wanted: "that schedule",
  };
  // No waiting between the reading that the caller judged and the change: the token that it was read with will do.
  const token = connection.tokenInHand ?? (await connection.token(request, signal));
  const result = await connection.send(request, decodeThat(id), token, signal);
  if (result === undefined) throw connection.error(noAnswer(GIVEN_UP), request, 0, token);
  if (result.kind === "found") return { kind: "taken", schedule: result.value };
  const { failure } = result;
  const { status, type, retryable, reason } = failure;
  if (!wasRefused(failure)) return { kind: "lost", reason };
  if (status === 401) throw connection.error(failure, request, 1, token);
  return { kind: "refused", status, type, retryable };
}

/** Said by Apify's API itself, with a status that rules out an effect. A 5xx may have come after it. */
const wasRefused = ({ status, type }: Failure): boolean =>
  status >= 400 && status < 500 && type !== "malformed-answer";

const decodeThat = (id: string) => (data: Unread) => {
  const schedule = decodeSchedule(data);
  return schedule?.id === id ? schedule : undefined;
};

/** What can't be read of an item is left out, all of it: it is neither held nor let go. */
function decodePage({ items, limit }: Unread) {
  if (!Array.isArray(items)) return undefined;
  const schedules = items.filter(isObject).flatMap((item) => decodeSchedule(item) ?? []);
  return { schedules, count: items.length, limit: numberOf(limit) ?? LIMIT };
}

/** What people may change of a schedule, besides whether it is enabled. */
const OWN = ["name", "title", "description", "cronExpression", "timezone", "isExclusive", "actions"] as const;

const stateOf = (data: Unread): string =>
  createHash("sha256")
    .update(JSON.stringify(OWN.map((key) => data[key] ?? null)), "utf8")
    .digest("hex")
    .slice(0, 20);

function decodeSchedule(data: Unread): Schedule | undefined {
  const id = textOf(data.id);
  const isEnabled = flagOf(data.isEnabled);
  const modifiedAt = instantOf(data.modifiedAt);
  if (id === undefined || isEnabled === undefined || modifiedAt === undefined) return undefined;
  const name = textOf(data.name);
  const nextRunAt = instantOf(data.nextRunAt);
  return {
    id,
    ...(name !== undefined && { name }),
    isEnabled,
    modifiedAt,
    ...(nextRunAt && { nextRunAt }),
    starts: Array.isArray(data.actions) ? data.actions.filter(isObject).flatMap(startOf) : [],
    state: stateOf(data),
  };
}

function startOf({ actorId, actorTaskId }: Unread): readonly ScheduleStart[] {
  const [actor, task] = [textOf(actorId), textOf(actorTaskId)];
  if (task !== undefined) return [{ kind: "task", id: task }];
  return actor === undefined ? [] : [{ kind: "actor", id: actor }];
}
