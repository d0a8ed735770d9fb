import type { VNode } from "preact";
import { type Child, el } from "./el.ts";
import { fold } from "./parts.ts";

type Picture = {
  /** What it shows, in a sentence. */
  readonly caption: Child;
  readonly svg: VNode;
  /** The same figures, for those who can't see it or want the digits. */
  readonly table: VNode;
};

/** A picture with the table of what it draws below it. */
export const picture = ({ caption, svg, table }: Picture): VNode =>
  el("figure", {}, svg, el("figcaption", {}, caption), fold({ summary: "The same as a table" }, table));
