import type { VNode } from "preact";
import { type Child, el } from "../../page/el.ts";
import { hashOf } from "./state.ts";
import type { Entry } from "./told.ts";
import { clockText, fromNow, minuteText } from "./words.ts";

type NameOf = (actorId: string) => string;

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

function whoOf({ runId, actorId }: Entry, nameOf: NameOf | undefined): Child {
  if (runId === undefined || nameOf === undefined) return undefined;
  const name = actorId === undefined ? runId : nameOf(actorId);
  return el("a", { class: "name", href: hashOf({ kind: "run", id: runId }), title: runId }, name);
}

/** By the second of what is of today, as decisions follow each other quickly. */
const timeText = (at: string, now: Date): string => {
  const isToday = at.slice(0, 10) === now.toISOString().slice(0, 10);
  return `${isToday ? clockText(at) : minuteText(at, now)}, ${fromNow(at, now)}`;
};

/** An entry of the audit in words. `nameOf`: of whom it is, where what is around it does not say that. */
export const entryItem = (entry: Entry, now: Date, nameOf?: NameOf): VNode =>
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
      el("time", { class: "small dim", datetime: entry.at, title: entry.at }, timeText(entry.at, now)),
    ),
    el("p", { class: "small" }, whoOf(entry, nameOf), " ", entry.says ?? entry.reason),
  );
