import type { VNode } from "preact";
import { consoleRunUrl } from "../src/watchdog/notify/place.ts";
import { type Child, el, type Tone } from "./el.ts";

/** A figure that people look for first. */
export type Tile = {
  readonly label: string;
  readonly value: string;
  /** How it is counted, or what it is worth. */
  readonly note?: Child;
  readonly tone?: Tone;
};

export const tiles = ({ tiles: all }: { readonly tiles: readonly Tile[] }): VNode =>
  el(
    "dl",
    { class: "tiles" },
    all.map(({ label, value, note, tone }) =>
      el(
        "div",
        {},
        el("dt", {}, label),
        el("dd", { class: tone === undefined ? "value" : `value ${tone}` }, value),
        note === undefined ? undefined : el("dd", { class: "note" }, note),
      ),
    ),
  );

/** A part of a page under its heading. */
export const section = (
  { title, id }: { readonly title: string; readonly id?: string },
  ...children: readonly Child[]
): VNode => el("section", { id }, el("h2", {}, title), ...children);

export const paragraph = (text: Child, tone?: Tone): VNode => el("p", { class: tone }, text);

/** Sentences that belong to what stands above them: what it rests on, what it leaves out. */
export const notes = ({ notes: all }: { readonly notes: readonly Child[] }): VNode | undefined =>
  all.length === 0
    ? undefined
    : el(
        "ul",
        { class: "notes" },
        all.map((note) => el("li", {}, note)),
      );

/** What is there for those who want it, and in nobody's way. */
export const fold = ({ summary }: { readonly summary: string }, ...children: readonly Child[]): VNode =>
  el("details", {}, el("summary", {}, summary), ...children);

/** A run's id that leads to it in Apify Console: the one address outside of the page. */
export const runLink = (runId: string): VNode =>
  el("a", { href: consoleRunUrl(runId.toWellFormed()), rel: "noreferrer noopener", class: "id" }, runId);
