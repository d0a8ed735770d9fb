import type { VNode } from "preact";
import { el } from "../../../page/el.ts";
import { entryItem } from "../entry-item.ts";
import type { Entry } from "../told.ts";
import { said } from "./part.ts";

/** Entries of the audit, the latest first, each in words. */
export function entriesView(entries: readonly Entry[], now: Date): VNode {
  if (entries.length === 0) return said("dim", "Nothing is written of it.");
  const latest = entries.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return el(
    "ol",
    { class: "timeline" },
    latest.map((entry) => entryItem(entry, now)),
  );
}
