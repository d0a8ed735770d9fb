import { describeEntry } from "../../src/watchdog/audit/describe.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";

/** Entries of the audit, each with the word that sums it up and the sentence, as `audit list` prints them. */
export const withSays = (entries: unknown): unknown =>
  Array.isArray(entries)
    ? entries.map((entry: Entry) => {
        const { word, text } = describeEntry(entry);
        return { ...entry, word, says: text };
      })
    : entries;
