import { HOUR_MS } from "../../policy/index.ts";
import { isYounger } from "../model/ahead.ts";
import type { NamedKind } from "../model/apify-port.ts";
import { isOfProcess } from "../model/errors.ts";
import type { Noting, Timed } from "../model/pass.ts";
import { forEachRun } from "./for-each-run.ts";
import { PATIENCE_MS } from "./within-budget.ts";

const KNOWN_FOR_MS = 24 * HOUR_MS;

type Dated = { readonly readAt: Date };

/** Something known of Actors, tasks or schedules by their ids, and how to come by it. */
export type Lookup<T extends Dated, Kind extends NamedKind = NamedKind> = {
  /** For messages: `reading the name of`. */
  readonly what: string;
  readonly memory: Map<string, T>;
  read(kind: Kind, ids: readonly string[]): Promise<ReadonlyMap<string, T>>;
  write(kind: Kind, found: ReadonlyMap<string, T>): Promise<void>;
  /** `before`: what was known until now, which stays where nothing better is to be had. */
  ask(kind: Kind, id: string, signal: AbortSignal, before: T | undefined): Promise<T>;
  isKnown(found: T): boolean;
  /** After so long what could not be found out is asked for again. Absent: after an hour. */
  readonly unknownForMs?: number;
  /** May what was found be used without asking again, young as it is? Absent: yes. */
  isCurrent?(found: T): boolean;
  /** What to keep, as unknown, when asking failed. Absent: nothing, so that the next tick asks again. */
  failed?(readAt: Date): T;
};

/** From memory, then the store, then Apify; what is found lives for a day. What can't be read now stays as it was. */
export async function lookUp<T extends Dated, Kind extends NamedKind>(
  learning: Timed & Noting,
  lookup: Lookup<T, Kind>,
  kind: Kind,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, T>> {
  const { clock } = learning.ports;
  const { memory, what, isKnown, unknownForMs = HOUR_MS, failed } = lookup;
  const key = (id: string): string => `${kind}#${id}`;
  const isStale = (id: string): boolean => {
    const found = memory.get(key(id));
    if (found === undefined || lookup.isCurrent?.(found) === false) return true;
    return !isYounger(found.readAt, isKnown(found) ? KNOWN_FOR_MS : unknownForMs, clock.now());
  };
  const unremembered = ids.filter(isStale);
  if (unremembered.length > 0) {
    for (const [id, found] of await lookup.read(kind, unremembered)) memory.set(key(id), found);
  }
  const learnt = new Map<string, T>();
  const ask = async (id: string, within: AbortSignal): Promise<void> => {
    const askedAt = clock.now();
    try {
      learnt.set(id, await lookup.ask(kind, id, within, memory.get(key(id))));
    } catch (error) {
      const now = clock.now();
      // What was begun just before time ran out did not fail: the next tick goes on with it.
      const wasCutShort = signal.aborted && now.getTime() - askedAt.getTime() < PATIENCE_MS;
      if (failed && !wasCutShort && !isOfProcess(error)) learnt.set(id, failed(now));
      throw error;
    }
  };
  await forEachRun(learning, ids.filter(isStale), `${what} ${AN[kind]}`, ask, {
    patienceMs: PATIENCE_MS,
    signal,
  });
  for (const [id, found] of learnt) memory.set(key(id), found);
  if (learnt.size > 0) await lookup.write(kind, learnt);
  return new Map(
    ids.flatMap((id) => {
      const found = memory.get(key(id));
      return found === undefined ? [] : [[id, found] as const];
    }),
  );
}

const AN: Readonly<Record<NamedKind, string>> = { actor: "an Actor", task: "a task", schedule: "a schedule" };

/** Each once. */
export const unique = (ids: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(ids.filter((id) => id !== undefined)),
];
