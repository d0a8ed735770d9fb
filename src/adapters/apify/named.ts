import type { NamedAnswer, NamedKind } from "../../watchdog/model/ports.ts";
import type { Connection } from "./http/connection.ts";
import { textOf, type Unread } from "./http/json.ts";
import { ask } from "./http/read.ts";
import { type ApifyRequest, path } from "./http/request.ts";

/** Apify takes an id, or the name with its owner as `username~name`. */
const addressOf = (idOrName: string): string => idOrName.replace("/", "~");
const isName = (idOrName: string): boolean => /[/~]/.test(idOrName);

/** Reads one Actor, task or schedule. An answer about another one is none about this one. */
export async function readNamed(
  connection: Connection,
  kind: NamedKind,
  idOrName: string,
  signal: AbortSignal,
): Promise<NamedAnswer> {
  const decode = (data: Unread) => {
    const naming = decodeNaming(data);
    return naming && (isName(idOrName) || naming.id === idOrName) ? naming : undefined;
  };
  const answered = await ask(connection, requestFor(kind, idOrName), decode, signal);
  if (answered.kind !== "found") return { kind: answered.kind };
  const { id, name, userId } = answered.value;
  // A task's `username` is optional in the API reference. Whose it is, its `userId` says.
  const own = connection.userOf(answered.token);
  const username = answered.value.username ?? (own?.id === userId ? own?.username : undefined);
  return {
    kind: "found",
    id,
    ...wholeName(kind, username, name),
    ...(userId !== undefined && { userId }),
  };
}

/** A schedule's name stands alone; nobody else's is named with an owner. */
export const wholeName = (
  kind: NamedKind,
  username: string | undefined,
  name: string,
): { readonly name?: string } => {
  if (kind === "schedule") return { name };
  return username === undefined ? {} : { name: `${username}/${name}` };
};

function requestFor(kind: NamedKind, idOrName: string): ApifyRequest {
  const address = addressOf(idOrName);
  switch (kind) {
    case "actor":
      return { method: "GET", path: path`/v2/actors/${address}`, wanted: "that Actor" };
    case "task":
      return { method: "GET", path: path`/v2/actor-tasks/${address}`, wanted: "that task" };
    case "schedule":
      return { method: "GET", path: path`/v2/schedules/${address}`, wanted: "that schedule" };
  }
}

function decodeNaming(data: Unread) {
  const id = textOf(data.id);
  const name = textOf(data.name);
  if (id === undefined || name === undefined) return undefined;
  return { id, name, username: textOf(data.username), userId: textOf(data.userId) };
}
