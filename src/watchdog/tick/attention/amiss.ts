import type { Amiss } from "../../model/live.ts";

/** Something that calls for a person once it was so in so many ticks in a row. The id is stable while it lasts. */
export type Reason = { readonly id: string; readonly text: string; readonly afterTicks: number };

/** So many at most, so that the live index stays small. */
const MOST = 200;

/** What a tick could not do is of that tick alone. */
const isOfTick = (id: string): boolean => /^(failed|coverage):/.test(id);

/**
 * What is amiss after a tick in which it was for these reasons: what is not so any more is forgotten. A tick that did not see
 * all has not looked for all of it: what it does not find has neither gone nor lasted.
 */
export function amissAfter(
  before: Readonly<Record<string, Amiss>>,
  reasons: readonly Reason[],
  { startedAt, sawAll }: { readonly startedAt: Date; readonly sawAll: boolean },
): Readonly<Record<string, Amiss>> {
  const found = reasons.map(({ id }) => {
    const { since, ticks } = before[id] ?? { since: startedAt, ticks: 0 };
    return [id, { since, ticks: ticks + 1 }] as const;
  });
  const isFound = new Set(reasons.map(({ id }) => id));
  const unseen = sawAll ? [] : Object.entries(before).filter(([id]) => !isFound.has(id) && !isOfTick(id));
  return Object.fromEntries([...found, ...unseen].slice(0, MOST));
}

/** What has lasted long enough to call for a person, with since when. */
export const lasting = (
  reasons: readonly Reason[],
  amiss: Readonly<Record<string, Amiss>>,
): readonly string[] =>
  reasons.flatMap(({ id, text, afterTicks }) => {
    const { since, ticks } = amiss[id] ?? { since: undefined, ticks: 1 };
    if (ticks < afterTicks) return [];
    return [`${id} ${text}${since && ticks > 1 ? `, since ${since.toISOString()}` : ""}`];
  });
