import type { VNode } from "preact";
import { type Child, el, type Tone } from "./el.ts";

/** A column of the command line's tables is one of these too. */
export type Column<Row> = {
  readonly title: string;
  readonly cell: (row: Row) => Child;
  readonly align?: "right";
  /** It has sentences, which may take several lines. */
  readonly wraps?: boolean;
  readonly tone?: (row: Row) => Tone | undefined;
};

type Table<Row> = {
  /** What it is a table of, for those who don't see the heading above it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
};

const classOf = (...names: readonly (string | undefined)[]): string | undefined =>
  names.filter((name) => name !== undefined).join(" ") || undefined;

/** A table. Where it is wider than the page it scrolls by itself, by keyboard too. The first column names the row. */
export const dataTable = <Row>({ label, columns, rows }: Table<Row>): VNode =>
  el(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    el(
      "table",
      {},
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          columns.map(({ title, align }) => el("th", { scope: "col", class: align }, title)),
        ),
      ),
      el(
        "tbody",
        {},
        rows.map((row) =>
          el(
            "tr",
            {},
            columns.map(({ cell, align, wraps, tone }, at) =>
              el(
                at === 0 ? "th" : "td",
                {
                  ...(at === 0 && { scope: "row" }),
                  class: classOf(align, wraps ? "wraps" : undefined, tone?.(row)),
                },
                cell(row),
              ),
            ),
          ),
        ),
      ),
    ),
  );
