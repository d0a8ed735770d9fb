import type { NamedKind } from "../../src/watchdog/model/ports.ts";
import type { Connection } from "../command.ts";

const PATIENCE_MS = 2_000;

/** The name of an id, or the id where it has none that is known. */
export type NameOf = (id: string | undefined) => string;

/** Names by id: those that the tables know, then, where there is a token, those that Apify tells. */
export async function namesById(
  { ports, hasApify }: Pick<Connection, "ports" | "hasApify">,
  kind: NamedKind,
  ids: Iterable<string | undefined>,
  signal: AbortSignal,
): Promise<NameOf> {
  const wanted = [...new Set(ids)].filter((id) => id !== undefined);
  const names = new Map<string, string>();
  for (const [id, { name }] of await ports.state.readNames(kind, wanted)) if (name) names.set(id, name);
  // A name is a comfort: nothing fails for want of it, nor waits long.
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  for (const id of hasApify ? wanted.filter((each) => !names.has(each)) : []) {
    if (patience.aborted) break;
    const named = await ports.apify[kind](id, patience).catch(() => undefined);
    if (named?.kind === "found" && named.name) names.set(id, named.name);
  }
  return (id) => names.get(id ?? "") ?? id ?? "";
}

/** The same of Actors. */
export const actorNames = (
  connection: Pick<Connection, "ports" | "hasApify">,
  ids: Iterable<string | undefined>,
  signal: AbortSignal,
): Promise<NameOf> => namesById(connection, "actor", ids, signal);
