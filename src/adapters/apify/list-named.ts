import type { ActorOrTask, NamedList } from "../../watchdog/model/ports.ts";
import type { Connection } from "./http/connection.ts";
import { isObject, numberOf, textOf, type Unread } from "./http/json.ts";
import { ask } from "./http/read.ts";
import type { ApifyRequest } from "./http/request.ts";

/** The most that Apify answers at once today. */
const LIMIT = 1_000;
/** More than these no account is counted by. */
const MOST_PAGES = 10;

const requestFor = (kind: ActorOrTask, offset: number): ApifyRequest => ({
  method: "GET",
  path: kind === "actor" ? "/v2/actors" : "/v2/actor-tasks",
  query: { limit: String(LIMIT), offset: offset > 0 ? String(offset) : undefined },
  wanted: kind === "actor" ? "a list of Actors" : "a list of tasks",
});

/** The Actors that the account has made or used, or its tasks. Apify lists them by offset alone. */
export async function listNamed(
  connection: Connection,
  kind: ActorOrTask,
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
        ...(name !== undefined && username !== undefined && { name: `${username}/${name}` }),
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
