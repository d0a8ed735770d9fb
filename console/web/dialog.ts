import type { VNode } from "preact";
import { type Child, el } from "../../page/el.ts";

/** What had the focus before each dialog: it has it again afterwards. */
const before = new WeakMap<EventTarget, Element | null>();

/** A dialog over all else: the browser keeps the focus in it, and Esc closes it. */
function show(node: HTMLDialogElement | null): void {
  if (node === null || node.open) return;
  before.set(node, document.activeElement);
  node.showModal();
}

type Dialog = {
  readonly title: Child;
  readonly id: string;
  readonly onClose: () => void;
  /** At the side, for what is looked at; else in the middle, for what is asked. */
  readonly isDrawer?: boolean;
};

export function dialog({ title, id, onClose, isDrawer }: Dialog, ...children: readonly Child[]): VNode {
  const onClosed = ({ currentTarget }: Event): void => {
    const back = currentTarget && before.get(currentTarget);
    onClose();
    // Once the dialog is gone: what is behind it takes no focus until then.
    setTimeout(() => {
      if (back instanceof HTMLElement && back.isConnected) back.focus();
    });
  };
  const close = ({ currentTarget }: MouseEvent): void =>
    (currentTarget as HTMLElement).closest("dialog")?.close();
  return el(
    "dialog",
    {
      key: id,
      ref: show,
      class: isDrawer ? "drawer" : "asking",
      "aria-labelledby": "dialog-title",
      onClose: onClosed,
    },
    el(
      "div",
      { class: "head" },
      el("h2", { id: "dialog-title" }, title),
      el("button", { type: "button", class: "close", onClick: close }, "Close"),
    ),
    ...children,
  );
}
