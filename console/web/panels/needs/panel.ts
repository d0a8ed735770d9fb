import type { VNode } from "preact";
import { type Child, el } from "../../../../page/el.ts";
import type { Part } from "../../../api.ts";
import { hashOf, type Line } from "../../state.ts";
import { heldIn } from "../../told.ts";
import { clockText, count } from "../../words.ts";
import { icon } from "../icon.ts";
import { type Known, type Need, needsOf } from "./needs.ts";

type Parts = { readonly [Name in keyof Known]-?: Part | undefined };

const NAMES: Readonly<Record<keyof Known, string>> = {
  status: "the watchdog's status",
  runs: "live runs",
  exemptions: "exemptions",
};

/** What has not been answered, and so may hide something. */
function untold(parts: Parts): readonly string[] {
  return (Object.keys(NAMES) as (keyof Known)[])
    .filter((name) => parts[name]?.kind !== "known")
    .map((name) => NAMES[name]);
}

export const knownIn = (parts: Parts): Known => ({
  status: heldIn<NonNullable<Known["status"]>>(parts.status)?.value,
  runs: heldIn<NonNullable<Known["runs"]>>(parts.runs)?.value,
  exemptions: heldIn<NonNullable<Known["exemptions"]>>(parts.exemptions)?.value,
});

function moreOf({ runId, ruleId }: Need): Child {
  if (runId !== undefined) return el("a", { href: hashOf({ kind: "run", id: runId }) }, "Show the run");
  return ruleId === undefined
    ? undefined
    : el("a", { href: hashOf({ kind: "rule", id: ruleId }) }, "Show the rule");
}

const item = (need: Need): VNode =>
  el(
    "li",
    { key: need.id, class: need.tone },
    icon(need.tone === "bad" ? "bad" : "call"),
    el("span", {}, need.says, " ", moreOf(need)),
  );

export type Speaker = (needs: readonly Need[]) => string;

/** What is read out: how many there are, and the worst. It stays as it is while they are the same, whatever their figures do. */
export function speaker(): Speaker {
  let [key, text] = ["", ""];
  return (needs) => {
    const [worst] = needs;
    const ids = needs.map(({ id }) => id).join("\n");
    if (ids !== key)
      text = worst ? `${count(needs.length, "thing needs", "things need")} you. ${worst.says}` : "";
    key = ids;
    return text;
  };
}

/** What calls for a person. */
export function needsView(parts: Parts, line: Line, now: Date, speak: Speaker): VNode {
  const needs = needsOf(knownIn(parts), now);
  const unknown = untold(parts);
  const lacks =
    line.kind === "lost"
      ? `As of ${clockText(line.since)} UTC: what needs you since then is not known.`
      : unknown.length > 0
        ? `Not all is known: no fresh answer on ${unknown.join(", ")}.`
        : "";
  return el(
    "section",
    { id: "needs", "aria-labelledby": "needs-title", class: needs.length > 0 ? "calls" : undefined },
    el(
      "div",
      { class: "head" },
      el("h2", { id: "needs-title" }, "Needs you"),
      el("span", { class: "count" }, needs.length > 0 ? String(needs.length) : undefined),
    ),
    el("p", { class: "unseen", role: "status" }, speak(needs)),
    needs.length > 0 ? el("ul", { class: "needs" }, needs.map(item)) : undefined,
    needs.length === 0 && lacks === ""
      ? el("p", { class: "dim" }, "Nothing needs you, as of the last tick.")
      : undefined,
    lacks ? el("p", { class: "said dim" }, lacks) : undefined,
  );
}
