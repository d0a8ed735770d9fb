import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { el } from "../../page/el.ts";

const copied = signal<string | undefined>(undefined);
const SHOWN_MS = 3_000;

/** A button that copies a text, and says that it did. */
export function copyButton(text: string, label: string): VNode {
  const isCopied = copied.value === text;
  const copy = async (): Promise<void> => {
    // Where the browser does not allow it, the text is there to be selected.
    const isDone = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (!isDone) return;
    copied.value = text;
    setTimeout(() => {
      if (copied.peek() === text) copied.value = undefined;
    }, SHOWN_MS);
  };
  return el(
    "span",
    {},
    el("button", { type: "button", onClick: () => void copy() }, label),
    el("span", { role: "status", class: "small good" }, isCopied ? " Copied" : ""),
  );
}

/** A command line, to be pasted in a terminal. */
export const commandView = (command: string): VNode =>
  el("div", { class: "command" }, el("code", { tabindex: 0 }, command), copyButton(command, "Copy command"));
