import type { VNode } from "preact";
import { type Child, el } from "../../../page/el.ts";
import type { Part } from "../../api.ts";
import type { Line } from "../state.ts";
import { type Held, heldIn } from "../told.ts";
import { clockText, fromNow } from "../words.ts";

/** What a panel is drawn from, whatever it shows. */
export type Seen = { readonly part: Part | undefined; readonly line: Line; readonly now: Date };

type Frame<T> = Seen & {
  readonly title: string;
  readonly id: string;
  /** What stands beside the heading: a filter, a count. */
  readonly beside?: Child;
  readonly view: (held: Held<T>) => Child;
};

const note = (tone: "bad" | "warn" | "dim", ...text: readonly Child[]): VNode =>
  el("p", { class: `said ${tone}` }, ...text);

/** Since when what is shown is not renewed, and why; nothing where it is. */
function whyOld({ part, line, now }: Seen): VNode | undefined {
  if (part?.kind === "failed") return note("bad", el("strong", {}, "Can't be read: "), part.says);
  if (part?.kind === "slow") return note("warn", `Slow: asked ${fromNow(part.since, now)}, no answer yet.`);
  if (part === undefined && line.kind === "lost")
    return note("bad", "Not known: the console's server is not heard.");
  return part === undefined ? note("dim", "Reading …") : undefined;
}

/**
 * A part under its heading: what is known of it; why it can't be read, in its place; and what was known before, marked as
 * old. A part that failed is never left out.
 */
export function frame<T>({ title, id, beside, view, ...seen }: Frame<T>): VNode {
  const { part, line, now } = seen;
  const held = heldIn<T>(part);
  const isOld = held !== undefined && (held.isOld || line.kind === "lost");
  return el(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    el("div", { class: "head" }, el("h2", { id: `${id}-title` }, title), beside),
    whyOld(seen),
    isOld ? note("dim", `Below: as of ${clockText(held.at)} UTC, ${fromNow(held.at, now)}.`) : undefined,
    held && el("div", { class: isOld ? "body old" : "body" }, view(held)),
  );
}
