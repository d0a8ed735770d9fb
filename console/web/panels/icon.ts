import type { VNode } from "preact";
import { el } from "../../../page/el.ts";

/** A shape for each state of the watchdog: colour is not all that tells them apart. */
const SHAPES = {
  good: [["circle", { cx: 8, cy: 8, r: 6 }]],
  dim: [["circle", { cx: 8, cy: 8, r: 5, class: "hollow" }]],
  call: [["polygon", { points: "8,2 14.5,14 1.5,14", class: "hollow" }]],
  warn: [
    ["rect", { x: 3, y: 2, width: 4, height: 12, rx: 1 }],
    ["rect", { x: 9, y: 2, width: 4, height: 12, rx: 1 }],
  ],
  bad: [["polygon", { points: "8,1 15.5,14.5 0.5,14.5" }]],
} as const;

export const icon = (shape: keyof typeof SHAPES): VNode =>
  el(
    "svg",
    { class: "icon", width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" },
    SHAPES[shape].map(([tag, attributes]) => el(tag, attributes)),
  );
