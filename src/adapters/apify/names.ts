import type { Connection } from "./connection.ts";
import { textOf, type Unread } from "./json.ts";
import { ifAllowed, readIfAny } from "./read.ts";
import { path } from "./request.ts";

export type Named = { readonly name: string; readonly username?: string; readonly userId?: string };

export const readActor = (connection: Connection, id: string, signal: AbortSignal) =>
  readNamed(connection, path`/v2/actors/${id}`, "an Actor", signal);

export const readTask = (connection: Connection, id: string, signal: AbortSignal) =>
  readNamed(connection, path`/v2/actor-tasks/${id}`, "a task", signal);

/** What names an Actor or task; `undefined` when there is none, and when it may not be read. */
async function readNamed(
  connection: Connection,
  path: string,
  wanted: string,
  signal: AbortSignal,
): Promise<Named | undefined> {
  const found = await ifAllowed(() =>
    readIfAny(connection, { method: "GET", path, wanted }, decodeNamed, signal),
  );
  return found?.value;
}

function decodeNamed(data: Unread): Named | undefined {
  const name = textOf(data.name);
  const username = textOf(data.username);
  const userId = textOf(data.userId);
  return name === undefined ? undefined : { name, ...(username && { username }), ...(userId && { userId }) };
}
