import { ApifyError } from "../../watchdog/errors.ts";
import type { Connection } from "./connection.ts";
import { textOf, type Unread } from "./json.ts";
import { readIfAny } from "./read.ts";
import { path } from "./request.ts";

export type Named = { readonly name: string; readonly username?: string; readonly userId?: string };

export const readActor = (connection: Connection, id: string, signal: AbortSignal) =>
  readNamed(connection, path`/v2/actors/${id}`, "an Actor", signal);

export const readTask = (connection: Connection, id: string, signal: AbortSignal) =>
  readNamed(connection, path`/v2/actor-tasks/${id}`, "a task", signal);

/**
 * What names an Actor or task; `undefined` when there is none, and when it may not be read: a scoped token can list
 * the runs of an Actor in Apify Store without the right to read that Actor.
 */
async function readNamed(
  connection: Connection,
  path: string,
  wanted: string,
  signal: AbortSignal,
): Promise<Named | undefined> {
  try {
    const { value } = await readIfAny(connection, { method: "GET", path, wanted }, decodeNamed, signal);
    return value;
  } catch (error) {
    if (error instanceof ApifyError && error.status === 403 && error.isAuthorisation) return undefined;
    throw error;
  }
}

function decodeNamed(data: Unread): Named | undefined {
  const name = textOf(data.name);
  const username = textOf(data.username);
  const userId = textOf(data.userId);
  return name === undefined ? undefined : { name, ...(username && { username }), ...(userId && { userId }) };
}
