import { printable } from "../../src/policy/index.ts";
import type { Column } from "./table.ts";

/** A text that stands for itself in Markdown: nothing in it is markup, a formula, HTML or the end of a cell. */
export const markdown = (text: string): string =>
  printable(text)
    .replaceAll(/[\\`*_{}[\]|~#!$]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** The same columns as a table of a terminal, all of them, nothing cut. */
export const markdownTable = <Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): readonly string[] => [
  row(columns.map(({ title }) => markdown(title))),
  row(columns.map(({ align }) => (align === "right" ? "---:" : "---"))),
  ...rows.map((each) => row(columns.map(({ cell }) => markdown(cell(each))))),
];
