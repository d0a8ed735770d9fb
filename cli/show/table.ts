import { printable } from "../../src/policy/index.ts";
import { cut, type Paint, padTo, type Terminal, widthOf, wrap } from "./terminal.ts";

export type Column<Row> = {
  readonly title: string;
  /** Plain text; colour comes from `paint`, after it is cut. */
  readonly cell: (row: Row) => string;
  readonly paint?: (text: string, row: Row, paint: Paint) => string;
  readonly align?: "right";
  /** Of the last column: what has no room goes on in the next line instead of being cut. */
  readonly wraps?: boolean;
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
  const cells = rows.map((row) => shown.map(({ cell }) => printable(cell(row))));
  const widths = shown.map(({ title }, at) =>
    Math.max(title.length, ...cells.map((row) => widthOf(row[at] ?? ""))),
  );
  const room = width - GAP.length * (shown.length - 1);
  const ofOthers = widths.slice(0, -1).reduce((sum, each) => sum + each, 0);
  const wrapping = shown.at(-1)?.wraps ? shown.at(-1) : undefined;
  if (wrapping && Math.min(widths.at(-1) ?? 0, BESIDE) > room - ofOthers) {
    return tableWithTextBelow(rows, shown.slice(0, -1), wrapping, { columns: width, paint });
  }
  shrink(widths, room);
  const fit = (text: string, at: number): readonly string[] =>
    shown[at]?.wraps
      ? wrap(text, widths[at] ?? 0).map((each) => cut(each, widths[at] ?? 0))
      : [cut(text, widths[at] ?? 0)];
  const line = (texts: readonly string[], dress: (text: string, at: number) => string): readonly string[] => {
    const fitted = texts.map(fit);
    const height = Math.max(...fitted.map(({ length }) => length));
    return Array.from({ length: height }, (_none, nth) =>
      fitted
        .map((lines, at) => {
          const text = lines[nth] ?? "";
          const room = " ".repeat(Math.max(0, (widths[at] ?? 0) - widthOf(text)));
          return shown[at]?.align === "right" ? room + dress(text, at) : dress(text, at) + room;
        })
        .join(GAP)
        .trimEnd(),
    );
  };
  return [
    ...line(
      shown.map(({ title }) => title),
      (text) => (text ? paint("dim", text) : text),
    ),
    ...rows.flatMap((row, index) =>
      line(cells[index] ?? [], (text, at) => (text && shown[at]?.paint?.(text, row, paint)) || text),
    ),
  ];
}

/** Where there is not even so much room beside the others, the last column's text stands below them. */
const BESIDE = 24;
const BELOW = "    ";

function tableWithTextBelow<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { title, cell }: Column<Row>,
  look: Pick<Terminal, "columns"> & { readonly paint: Paint },
): readonly string[] {
  const below = (text: string): readonly string[] =>
    wrap(text, Math.max(LEAST, look.columns - BELOW.length)).map((line) => BELOW + line);
  const [titles = "", ...above] = table(rows, columns, look);
  return [
    titles,
    ...below(title).map((line) => look.paint("dim", line)),
    ...above.flatMap((line, at) => [line, ...below(printable(cell(rows[at] as Row)))]),
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

/** Names and values under each other; a value that is too wide goes on in the next line. */
export function pairs(
  rows: readonly (readonly [string, string])[],
  paint: Paint,
  columns = Number.POSITIVE_INFINITY,
): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  const room = Math.max(LEAST, columns - width - GAP.length);
  return rows.flatMap(([name, value]) =>
    wrap(printable(value), room).map(
      (line, at) => `${paint("dim", padTo(at === 0 ? name : "", width))}${GAP}${line}`,
    ),
  );
}
