import type { LimitCheck } from "../../src/watchdog/learn/suggest/check-limits.ts";
import { type Column, table } from "../show/table.ts";
import type { Paint } from "../show/terminal.ts";
import { figureText, figureTold, shareText } from "./figures.ts";

const COLOURS = { holds: "green", broken: "red", unknown: "yellow" } as const;
const WORDS = { holds: "holds", broken: "NO LONGER", unknown: "unknown" } as const;

const columns: readonly Column<LimitCheck>[] = [
  {
    title: "LIMIT",
    cell: ({ verdict }) => WORDS[verdict],
    paint: (text, { verdict }, paint) => paint(COLOURS[verdict], text),
  },
  { title: "RULE", cell: ({ ruleId }) => ruleId },
  { title: "AT", align: "right", cell: ({ quantity, limit }) => figureText(quantity, limit) },
  { title: "AT MOST", align: "right", cell: ({ n, atMost95 }) => (n > 0 ? shareText(atMost95) : "") },
  { title: "WHY", cell: ({ why }) => why },
];

export const checkTable = (
  checks: readonly LimitCheck[],
  look: { readonly columns: number; readonly paint: Paint },
): readonly string[] => table(checks, columns, look);

export const checksTold = (checks: readonly LimitCheck[]) =>
  checks.map(({ limit, quantity, ...rest }) => ({ ...rest, quantity, limit: figureTold(quantity, limit) }));
