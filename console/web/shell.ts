import type { VNode } from "preact";
import { el } from "../../page/el.ts";
import { section } from "../../page/parts.ts";

/** All of the page, the drawers and dialogs over it aside. */
export const Shell = (): VNode =>
  el(
    "div",
    { class: "console" },
    el("header", {}, el("h1", {}, "Watchdog")),
    el(
      "main",
      {},
      section({ title: "Needs you", id: "needs" }),
      section({ title: "Budgets", id: "budgets" }),
      section({ title: "Live runs", id: "runs" }),
      section({ title: "Timeline", id: "timeline" }),
    ),
  );
