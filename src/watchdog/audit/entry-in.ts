import type { Entry } from "../model/entry.ts";
import type { StoredEntry } from "../model/ports.ts";

/** The entry that a stored text holds; `undefined` of one that was damaged: `verify` finds it, and readers pass over it. */
export function entryIn(text: string): Entry | undefined {
  try {
    const entry = JSON.parse(text) as Entry | null;
    return entry?.kind === undefined || !entry.subject ? undefined : entry;
  } catch {
    return undefined;
  }
}

/** Those that can be read. */
export const entriesIn = (stored: readonly Pick<StoredEntry, "text">[]): readonly Entry[] =>
  stored.flatMap(({ text }) => entryIn(text) ?? []);

/** Why nobody may act by these entries, in a sentence; `undefined` where all can be read. */
export function whyDamaged(stored: readonly StoredEntry[]): string | undefined {
  const damaged = stored.find(({ text }) => entryIn(text) === undefined);
  return (
    damaged &&
    `Entry ${damaged.sequence} of ${damaged.chain} can't be read: it was damaged. See: watchdog audit verify`
  );
}
