import type { Entry } from "../model/entry.ts";

/** The entry that a stored text holds; `undefined` of one that was damaged: `verify` finds it, and readers pass over it. */
export function entryIn(text: string): Entry | undefined {
  try {
    const entry = JSON.parse(text) as Entry | null;
    return entry?.kind === undefined ? undefined : entry;
  } catch {
    return undefined;
  }
}
