import { MOST_NAME, printable } from "../../policy/index.ts";
import type { Entry } from "../model/entry.ts";
import type { NamedKind, StateStore } from "../model/ports.ts";

/** What Actors, tasks and schedules are called, as far as it is known; printable. */
export type NameOf = (kind: NamedKind, id: string) => string | undefined;

type Id = { readonly kind: NamedKind; readonly id: string };

const NAMED: readonly unknown[] = ["actor", "task", "schedule"] satisfies NamedKind[];
const isNamed = (kind: unknown): kind is NamedKind => NAMED.includes(kind);

/** The Actors, tasks and schedules that an entry speaks of. */
function idsIn({ actorId, actorTaskId, evidence, change }: Entry): readonly Id[] {
  const budget = evidence?.budget;
  const subject = change?.subject as { readonly kind?: unknown; readonly id?: unknown } | undefined;
  return [
    ...(actorId === undefined ? [] : [{ kind: "actor" as const, id: actorId }]),
    ...(actorTaskId === undefined ? [] : [{ kind: "task" as const, id: actorTaskId }]),
    ...(budget && isNamed(budget.each) ? [{ kind: budget.each, id: budget.group }] : []),
    ...(isNamed(subject?.kind) ? [{ kind: subject.kind, id: String(subject.id) }] : []),
  ];
}

/**
 * The names of all that these entries speak of, from the state table. A name is a comfort: where it can't be read, there is
 * none, and nothing waits for it.
 */
export async function knownNames(
  state: Pick<StateStore, "readNames">,
  entries: readonly Entry[],
  warn: (error: unknown) => void,
): Promise<NameOf> {
  const ids = entries.flatMap(idsIn);
  const of = async (kind: NamedKind) => {
    const wanted = [...new Set(ids.filter((each) => each.kind === kind).map(({ id }) => id))];
    return wanted.length === 0 ? new Map<string, never>() : state.readNames(kind, wanted);
  };
  try {
    const [actor, task, schedule] = await Promise.all([of("actor"), of("task"), of("schedule")]);
    const names = { actor, task, schedule };
    return (kind, id) => {
      const name = names[kind].get(id)?.name;
      return name === undefined ? undefined : printable(name, MOST_NAME);
    };
  } catch (error) {
    warn(error);
    return () => undefined;
  }
}

/** The same entry with names in the place of ids where a sentence would quote these: of a budget's group, of an exemption. */
export function withNames(entry: Entry, nameOf: NameOf): Entry {
  const { evidence, change } = entry;
  const budget = evidence?.budget;
  const group = budget && isNamed(budget.each) ? nameOf(budget.each, budget.group) : undefined;
  const subject = change?.subject as { readonly kind?: unknown; readonly id?: string } | undefined;
  const id = isNamed(subject?.kind) ? nameOf(subject.kind, String(subject.id)) : undefined;
  return {
    ...entry,
    ...(evidence &&
      budget &&
      group !== undefined && { evidence: { ...evidence, budget: { ...budget, group } } }),
    ...(id !== undefined && { change: { ...change, subject: { ...subject, id } } }),
  };
}
