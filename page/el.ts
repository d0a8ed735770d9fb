import { h, type VNode } from "preact";
import { printable } from "../src/policy/index.ts";

/** What may stand in an element. */
export type Child = VNode | string | number | undefined | readonly Child[];

/** A handler of an event (`onClick`) stays away from static pages: their own policy forbids every script. */
// biome-ignore lint/suspicious/noExplicitAny: which event it is rests on its name.
type Handler = (event: any) => void;

type Attributes = Readonly<Record<string, string | number | boolean | undefined | Handler>>;

const shown = (child: Child): VNode | string | number | readonly unknown[] | undefined => {
  if (typeof child === "string") return printable(child);
  return Array.isArray(child) ? child.map(shown) : (child as VNode | number | undefined);
};

/**
 * An element. Texts are Actors' and tasks' own: Preact escapes markup in them, and what could not be seen, or would turn the
 * reading direction, is written out (`\u202e`), in attributes too.
 */
export const el = (tag: string, attributes: Attributes = {}, ...children: readonly Child[]): VNode =>
  h(
    tag,
    Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        name,
        typeof value === "string" ? printable(value) : value,
      ]),
    ),
    ...(children.map(shown) as VNode[]),
  );

/** Which colour a text has beside its words, which say the same. */
export type Tone = "good" | "warn" | "bad" | "dim";
