import { effect, signal } from "@preact/signals";
import { API } from "../../api.ts";
import { type Answers, question } from "../asked.ts";
import { type Drawer, drawer, hashOf } from "../state.ts";

/** What is known of what is looked at more closely. */
export type Looked =
  | { readonly kind: "asking" }
  | { readonly kind: "known"; readonly answers: Answers }
  | { readonly kind: "failed"; readonly says: string };

export const looked = signal<Looked>({ kind: "asking" });

const PATHS: Readonly<Record<Drawer["kind"], string>> = {
  run: API.run,
  rule: API.rule,
  entry: API.entry,
  source: API.sources,
};

/** Asks for what a drawer shows whenever one is opened. */
export function lookCloser(): void {
  let stop = new AbortController();
  let shown = "";
  effect(() => {
    const wanted = drawer.value;
    const hash = wanted ? hashOf(wanted) : "";
    if (hash === shown) return;
    shown = hash;
    stop.abort();
    stop = new AbortController();
    if (wanted === undefined) return;
    const { signal: current } = stop;
    looked.value = { kind: "asking" };
    question(PATHS[wanted.kind], { [wanted.kind]: wanted.id }, current)
      .then((answers) => {
        if (!current.aborted) looked.value = { kind: "known", answers };
      })
      .catch((error: Error) => {
        if (!current.aborted) looked.value = { kind: "failed", says: error.message };
      });
  });
}
