import type { NamedKind, NamedList } from "../../watchdog/model/ports.ts";
import type { Connection } from "./http/connection.ts";
import { isObject, numberOf, textOf, type Unread } from "./http/json.ts";
import { ask } from "./http/read.ts";
import type { ApifyRequest } from "./http/request.ts";
import { wholeName } from "./named.ts";

/** The most that Apify answers at once today. */
const LIMIT = 1_000;
/** More than these no account is counted by. */
const MOST_PAGES = 10;

const LISTS = {
  actor: { path: "/v2/actors", wanted: "a list of Actors" },
  task: { path: "/v2/actor-tasks", wanted: "a list of tasks" },
  schedule: { path: "/v2/schedules", wanted: "a list of schedules" },
} as const satisfies Record<NamedKind, object>;

const requestFor = (kind: NamedKind, offset: number): ApifyRequest => ({
  ...LISTS[kind],
  method: "GET",
  query: { limit: String(LIMIT), offset: offset > 0 ? String(offset) : undefined },
});

/** The Actors that the account has made or used, its tasks, or its schedules. Apify lists them by offset alone. */
export async function listNamed(
  connection: Connection,
  kind: NamedKind,
  signal: AbortSignal,
): Promise<NamedList> {
  const found = new Map<string, NonNullable<NamedList>[number]>();
  let offset = 0;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answered = await ask(connection, requestFor(kind, offset), decodeNamed, signal);
    if (answered.kind !== "found") return undefined;
    const { named, count, limit } = answered.value;
    // As of a single task: its `username` may be left out, and the account's own are the account's.
    const own = kind === "task" ? connection.userOf(answered.token)?.username : undefined;
    for (const { id, name, username = own, actorId } of named)
      found.set(id, {
        id,
        ...(name !== undefined && wholeName(kind, username, name)),
        ...(actorId !== undefined && { actorId }),
      });
    offset += count;
    if (count === 0 || count < limit) break;
  }
  return [...found.values()];
}

/** What can't be read of an item is left out: without its id, all of it. */
function decodeNamed({ items, limit }: Unread) {
  if (!Array.isArray(items)) return undefined;
  const named = items.filter(isObject).flatMap((item) => {
    const id = textOf(item.id);
    const of = { name: textOf(item.name), username: textOf(item.username), actorId: textOf(item.actId) };
    return id === undefined ? [] : [{ id, ...of }];
  });
  return { named, count: items.length, limit: numberOf(limit) ?? LIMIT };
}
