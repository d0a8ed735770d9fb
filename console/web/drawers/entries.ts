import type { VNode } from "preact";
import { el } from "../../../page/el.ts";
import { hashOf } from "../state.ts";
import type { Entry } from "../told.ts";
import { minuteText } from "../words.ts";
import { said } from "./part.ts";

/** Entries of the audit, the latest first, each in words. */
export function entriesView(entries: readonly Entry[], now: Date): VNode {
  if (entries.length === 0) return said("dim", "Nothing is written of it.");
  const latest = entries.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return el(
    "ol",
    { class: "timeline" },
    latest.map((entry) =>
      el(
        "li",
        { key: entry.entryId },
        el(
          "div",
          { class: "line" },
          el(
            "a",
            { class: "word", href: hashOf({ kind: "entry", id: entry.entryId }) },
            entry.word ?? entry.kind,
          ),
          el("time", { class: "small dim", datetime: entry.at }, `${minuteText(entry.at, now)} UTC`),
        ),
        el("p", { class: "small" }, entry.says),
      ),
    ),
  );
}
