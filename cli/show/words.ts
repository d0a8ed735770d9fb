export { formatCount as count } from "../../src/policy/index.ts";

import { formatCount, formatUsd, type MicroUsd } from "../../src/policy/index.ts";
import type { Paint } from "./terminal.ts";

/** Of entries that were passed over. */
export const damagedText = (entries: number): string =>
  `${formatCount(entries, "entry", "entries")} can't be read: damaged. See: watchdog audit verify`;

/** What something costs, where that is known. */
export const usdText = (microUsd: MicroUsd | undefined): string =>
  microUsd === undefined ? "unknown" : formatUsd(microUsd);

/** `2 right, 1 planned`: those that there are. */
export const countsText = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []))
    .join(", ");

const COLOURS: Readonly<Record<string, Parameters<Paint>[0]>> = {
  NOTICE: "yellow",
  SPENT: ["bold", "yellow"],
  "WOULD STOP": "cyan",
  HOLD: ["bold", "yellow"],
  "WOULD HOLD": "cyan",
  HELD: "magenta",
  WAITING: "yellow",
  STOPPING: "red",
  ASKED: "red",
  FORCING: "red",
  STOPPED: ["bold", "green"],
  ENDED: "green",
  "NOT STOPPED": "cyan",
  FAILED: ["bold", "red"],
  ALARM: ["bold", "red"],
  UNDONE: "yellow",
  EXEMPTED: "yellow",
  "EXEMPTION ENDING": "yellow",
};

/** The word that sums an entry up, in its colour. */
export const paintWord = (text: string, paint: Paint): string => {
  const colour = COLOURS[text.trim()];
  return colour ? paint(colour, text) : text;
};

/** A share of a limit in the colour of its urgency. */
export const paintShare = (text: string, share: number, paint: Paint): string => {
  if (share >= 1) return paint(["bold", "red"], text);
  return share >= 0.8 ? paint("yellow", text) : paint("green", text);
};

/** A text with one full stop at its end, whatever it quotes last. */
export const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** With a capital, as a sentence begins. */
export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
