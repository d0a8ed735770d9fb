import type { VNode } from "preact";
import { type Child, el } from "../../../page/el.ts";
import { hashOf } from "../state.ts";
import type { Entry } from "../told.ts";
import { clockText, fromNow } from "../words.ts";
import type { NameOf } from "./budgets.ts";
import { frame, type Seen } from "./frame.ts";

/** So many decisions are shown before all are asked for. */
const MOST = 12;

/** What kinds of entries are called where the server sends no word for one. */
const wordOf = ({ word, kind }: Entry): string => word ?? kind.split(".").join(" ");

const BAD = ["abort.unconfirmed", "abort.failed", "audit.tampered", "policy.fell-back"];
const WARN = [
  "abort.held",
  "step.notified",
  "control.paused",
  "source.held",
  "loop.begun",
  "exemption.ending",
];
const GOOD = ["abort.confirmed"];
const toneOf = ({ kind }: Entry): string =>
  BAD.includes(kind) ? "bad" : WARN.includes(kind) ? "warn" : GOOD.includes(kind) ? "good" : "";

function whoOf({ runId, actorId }: Entry, nameOf: NameOf): Child {
  if (runId === undefined) return undefined;
  const name = actorId === undefined ? runId : nameOf(actorId);
  return el("a", { class: "name", href: hashOf({ kind: "run", id: runId }), title: runId }, name);
}

const entryItem = (entry: Entry, nameOf: NameOf, now: Date): VNode =>
  el(
    "li",
    { key: entry.entryId },
    el(
      "div",
      { class: "line" },
      el(
        "a",
        { class: `word ${toneOf(entry)}`, href: hashOf({ kind: "entry", id: entry.entryId }) },
        wordOf(entry),
      ),
      el(
        "time",
        { class: "small dim", datetime: entry.at, title: `${entry.at}` },
        `${clockText(entry.at)}, ${fromNow(entry.at, now)}`,
      ),
    ),
    el("p", { class: "small" }, whoOf(entry, nameOf), " ", entry.says ?? entry.reason),
  );

type TimelineLook = { readonly nameOf: NameOf; readonly isAll: boolean; readonly onAll: () => void };

/** What was decided and done in the last day, the latest first. */
export const timelineView = (seen: Seen, { nameOf, isAll, onAll }: TimelineLook): VNode =>
  frame<readonly Entry[]>({
    ...seen,
    title: "Decisions of the last 24 hours",
    id: "timeline",
    view: ({ value }) => {
      if (value.length === 0)
        return el(
          "p",
          { class: "dim" },
          "No decision in the last 24 hours: no run came to a step of a rule.",
        );
      const latest = value.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at) || b.sequence - a.sequence);
      const shown = isAll ? latest : latest.slice(0, MOST);
      return [
        el(
          "ol",
          { class: "timeline" },
          shown.map((entry) => entryItem(entry, nameOf, seen.now)),
        ),
        latest.length > shown.length
          ? el("button", { type: "button", class: "quiet", onClick: onAll }, `Show all ${latest.length}`)
          : undefined,
      ];
    },
  });
