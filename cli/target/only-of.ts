import { canonical, nearest } from "../../src/policy/index.ts";
import type { Connection } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";

type OfActors<T> = {
  readonly all: readonly T[];
  readonly actorIdOf: (each: T) => string;
  readonly nameOf: (id: string) => string;
  /** What one of them is called. */
  readonly what: string;
  readonly signal: AbortSignal;
};

/**
 * Those of one Actor, by its id or its name; all where none was asked for. Throws `UsageError` where none is of it and Apify
 * knows no such Actor or can't be asked, with the name that was probably meant.
 */
export async function onlyOf<T>(
  actor: string | undefined,
  { ports, hasApify }: Pick<Connection, "ports" | "hasApify">,
  { all, actorIdOf, nameOf, what, signal }: OfActors<T>,
): Promise<readonly T[]> {
  if (actor === undefined) return all;
  const wanted = canonical(actor);
  const isMeant = (id: string): boolean => id === actor || canonical(nameOf(id)) === wanted;
  const found = all.filter((each) => isMeant(actorIdOf(each)));
  if (found.length > 0) return found;
  const answer = hasApify ? await ports.apify.actor(actor, signal).catch(() => undefined) : undefined;
  if (answer?.kind === "found") return [];
  const names = [...new Set(all.map((each) => nameOf(actorIdOf(each))))];
  const guess = nearest(actor, names);
  const some = names.length > 0 && names.length <= 8 ? ` There are ${names.join(", ")}.` : "";
  throw new UsageError(
    `--actor: no ${what} is of an Actor "${actor}", by id or by name.${guess ? ` Did you mean ${guess}?` : some}`,
  );
}
