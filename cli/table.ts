import { cut, type Paint, padTo, type Terminal, widthOf } from "./terminal.ts";

export type Column<Row> = {
  readonly title: string;
  /** Plain text; colour comes from `paint`, after it is cut. */
  readonly cell: (row: Row) => string;
  readonly paint?: (text: string, row: Row, paint: Paint) => string;
  readonly align?: "right";
  /** Shown only where there are so many columns to write in. */
  readonly from?: number;
};

const GAP = "  ";

/** A table that fits the width: what can't be shown in full is cut in the last column, then in the widest others. */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { columns: width, paint }: Pick<Terminal, "columns"> & { readonly paint: Paint },
): readonly string[] {
  const shown = columns.filter(({ from = 0 }) => width >= from);
  const cells = rows.map((row) => shown.map(({ cell }) => cell(row)));
  const widths = shown.map(({ title }, at) =>
    Math.max(title.length, ...cells.map((row) => widthOf(row[at] ?? ""))),
  );
  shrink(widths, width - GAP.length * (shown.length - 1));
  const line = (texts: readonly string[], dress: (text: string, at: number) => string): string =>
    texts
      .map((text, at) => {
        const fitted = cut(text, widths[at] ?? 0);
        const room = " ".repeat(Math.max(0, (widths[at] ?? 0) - widthOf(fitted)));
        return shown[at]?.align === "right" ? room + dress(fitted, at) : dress(fitted, at) + room;
      })
      .join(GAP)
      .trimEnd();
  return [
    line(
      shown.map(({ title }) => title),
      (text) => paint("dim", text),
    ),
    ...rows.map((row, index) =>
      line(cells[index] ?? [], (text, at) => shown[at]?.paint?.(text, row, paint) ?? text),
    ),
  ];
}

const LEAST = 12;

function shrink(widths: number[], room: number): void {
  const over = (): number => widths.reduce((sum, each) => sum + each, 0) - room;
  const last = widths.length - 1;
  if (over() > 0) widths[last] = Math.max(LEAST, (widths[last] ?? 0) - over());
  while (over() > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= LEAST) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

/** Names and values under each other. */
export function pairs(rows: readonly (readonly [string, string])[], paint: Paint): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${paint("dim", padTo(name, width))}  ${value}`);
}
