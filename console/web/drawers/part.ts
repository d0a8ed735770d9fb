import type { VNode } from "preact";
import { type Child, el } from "../../../page/el.ts";
import type { Part } from "../../api.ts";

export const said = (tone: "bad" | "warn" | "dim", text: Child): VNode =>
  el("p", { class: `said ${tone}` }, text);

/** What a part of an answer holds, or in its place why that is not known. */
export function partView<T>(part: Part | undefined, view: (value: T) => Child): Child {
  if (part === undefined) return undefined;
  if (part.kind === "known") return view(part.value as T);
  if (part.kind === "failed") return said("bad", ["Can't be read: ", part.says]);
  return said("warn", "Slow: no answer yet.");
}

/** Under a heading of its own. */
export const block = (title: string, ...children: readonly Child[]): VNode =>
  el("div", { class: "block" }, el("h3", {}, title), ...children);

/** Names and values. */
export const pairs = (all: readonly (readonly [string, Child])[]): VNode =>
  el(
    "dl",
    { class: "pairs" },
    all.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
  );
