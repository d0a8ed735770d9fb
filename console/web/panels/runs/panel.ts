import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { el } from "../../../../page/el.ts";
import { calmNow, line, now, page, parts } from "../../state.ts";
import { heldIn, type Runs, type Status } from "../../told.ts";
import { orderedRows, type Row } from "./order.ts";
import { runsView } from "./view.ts";

const filter = signal("");
const isAll = signal(false);
/** Until when rows stay where they are: a person points at one, or is about to press a key on one. */
const heldUntil = signal(0);
const HOLD_MS = 20_000;

let shown: readonly Row[] = [];

const hold = (): void => {
  const until = now.peek().getTime() + HOLD_MS;
  // Each movement of the pointer would draw the table again.
  if (until - heldUntil.peek() > HOLD_MS / 4) heldUntil.value = until;
};
const letGo = (): void => {
  heldUntil.value = 0;
};

/** `/` leads to the filter, and Esc clears it. */
export function listenForKeys(): void {
  addEventListener("keydown", (event) => {
    const box = document.getElementById("filter");
    if (!(box instanceof HTMLInputElement)) return;
    const isTyping =
      event.target instanceof Element && event.target.closest("input, textarea, select, dialog") !== null;
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box.focus();
      box.select();
    }
    if (event.key === "Escape" && event.target === box) {
      box.value = "";
      filter.value = "";
    }
  });
}

/** Moving a row takes the focus away from what is in it: it goes back to where it was, and the page does not scroll. */
function useKeptFocus(): void {
  const focused = globalThis.document?.activeElement;
  useLayoutEffect(() => {
    if (focused instanceof HTMLElement && focused.isConnected && document.activeElement === document.body)
      focused.focus({ preventScroll: true });
  });
}

export function RunsPanel(): VNode {
  useKeptFocus();
  const part = parts.runs.value;
  const at = calmNow.value;
  const isHeld = heldUntil.value > at.getTime();
  shown = orderedRows(heldIn<Runs>(part)?.value.runs ?? [], shown, isHeld);
  const look = {
    rows: shown,
    isHeld,
    isAll: isAll.value,
    filter: filter.value,
    canAct: page.value.canAct,
    onAll: () => {
      isAll.value = true;
    },
    onFilter: (text: string) => {
      filter.value = text;
    },
  };
  return el(
    "div",
    { class: "runs-area", onPointerMove: hold, onFocusIn: hold, onKeyDown: hold, onPointerLeave: letGo },
    runsView({ part, line: line.value, now: at }, look, heldIn<Status>(parts.status.value)?.value),
  );
}
