import type { Connection, Decode } from "./connection.ts";
import { textOf, type Unread } from "./json.ts";
import { ifAllowed, readIfAny } from "./read.ts";
import { path } from "./request.ts";

/** What tells the whole name of an Actor or task. */
export type Naming = {
  readonly name: string;
  readonly username?: string;
  readonly userId?: string;
};

/** Apify takes an id, or the name with its owner as `username~name`. */
const addressOf = (nameOrId: string): string => nameOrId.replace("/", "~");

export const findActor = (connection: Connection, nameOrId: string, signal: AbortSignal) =>
  readOne(connection, path`/v2/actors/${addressOf(nameOrId)}`, "an Actor", decodeFound, signal);

export const findTask = (connection: Connection, nameOrId: string, signal: AbortSignal) =>
  readOne(connection, path`/v2/actor-tasks/${addressOf(nameOrId)}`, "a task", decodeFound, signal);

export const readActor = (connection: Connection, id: string, signal: AbortSignal) =>
  ifAllowed(() => readOne(connection, path`/v2/actors/${id}`, "an Actor", decodeNaming, signal));

export const readTask = (connection: Connection, id: string, signal: AbortSignal) =>
  ifAllowed(() => readOne(connection, path`/v2/actor-tasks/${id}`, "a task", decodeNaming, signal));

async function readOne<T>(
  connection: Connection,
  path: string,
  wanted: string,
  decode: Decode<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  return (await readIfAny(connection, { method: "GET", path, wanted }, decode, signal)).value;
}

function decodeNaming(data: Unread): Naming | undefined {
  const name = textOf(data.name);
  const username = textOf(data.username);
  const userId = textOf(data.userId);
  return name === undefined ? undefined : { name, ...(username && { username }), ...(userId && { userId }) };
}

function decodeFound(data: Unread): (Naming & { readonly id: string }) | undefined {
  const id = textOf(data.id);
  const naming = decodeNaming(data);
  return naming && id !== undefined ? { id, ...naming } : undefined;
}
