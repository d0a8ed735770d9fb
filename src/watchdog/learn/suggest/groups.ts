import type { Past } from "../past.ts";

/** Whose runs are like each other: those of a task, or those that an Actor has without one; of one size, where it has several. */
export type LearnedSubject = {
  readonly kind: "task" | "actor";
  readonly id: string;
  /** Whose task it is. */
  readonly actorId: string;
  /** Absent where it has one size only, or not every size is recorded. */
  readonly memoryMbytes?: number;
};

export type Group = { readonly subject: LearnedSubject; readonly past: readonly Past[] };

/** Runs of several sizes cost by their size; they are told apart only where the size of each is recorded. */
function bySize({ subject, past }: Group): readonly Group[] {
  const sizes = new Set(past.map(({ run }) => run.settings?.memoryMbytes));
  if (sizes.size === 1 || sizes.has(undefined)) return [{ subject, past }];
  return [...sizes]
    .filter((size) => size !== undefined)
    .toSorted((a, b) => a - b)
    .map((memoryMbytes) => ({
      subject: { ...subject, memoryMbytes },
      past: past.filter(({ run }) => run.settings?.memoryMbytes === memoryMbytes),
    }));
}

/** The history by task and Actor, the one with the most runs first; each in the order of its runs. */
export function groupsOf(past: readonly Past[]): readonly Group[] {
  const groups = new Map<string, { subject: LearnedSubject; past: Past[] }>();
  for (const each of past) {
    const { actorId, actorTaskId } = each.run;
    const kind = actorTaskId === undefined ? "actor" : "task";
    const key = `${kind}#${actorTaskId ?? actorId}`;
    const group = groups.get(key) ?? { subject: { kind, id: actorTaskId ?? actorId, actorId }, past: [] };
    groups.set(key, group);
    group.past.push(each);
  }
  return [...groups.values()]
    .flatMap(bySize)
    .toSorted(
      (a, b) =>
        b.past.length - a.past.length ||
        (a.subject.id < b.subject.id ? -1 : 1) ||
        (a.subject.memoryMbytes ?? 0) - (b.subject.memoryMbytes ?? 0),
    );
}
