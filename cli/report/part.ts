import type { Tone } from "../../page/el.ts";
import type { Column as LineColumn } from "../show/table.ts";

/** A column of a report, in lines and on a page. */
export type Column<Row> = LineColumn<Row> & {
  /** On a page: what the row is of, which stands first there. */
  readonly isName?: true;
  /** On a page: what its text is worth. */
  readonly tone?: (row: Row) => Tone | undefined;
  /** On a page: a share, drawn beside it. */
  readonly bar?: { readonly title: string; readonly share: (row: Row) => number | undefined };
};

/** A table of whatever rows: who shows it says how. */
export type Tabled = <Shown>(
  show: <Row>(rows: readonly Row[], columns: readonly Column<Row>[]) => Shown,
) => Shown;

/** A part of a report, in the order in which people read it: what it comes to, the table, and how it is counted. */
export type Part = {
  readonly title: string;
  readonly says: readonly string[];
  readonly table?: Tabled;
  readonly notes: readonly string[];
};

/** At most so many rows; a column without a word in it is left out. */
export function tabled<Row>(
  all: readonly Row[],
  columns: readonly Column<Row>[],
  most: number,
): Pick<Part, "table"> & { readonly left: readonly string[] } {
  if (all.length === 0) return { left: [] };
  const rows = all.slice(0, most);
  const told = columns.filter(({ cell }) => rows.some((row) => cell(row) !== ""));
  const left = all.length - rows.length;
  return {
    table: (show) => show(rows, told),
    left: left > 0 ? [`And ${left} more, which --json has.`] : [],
  };
}

export function part(
  title: string,
  says: readonly (string | false)[],
  { left, ...table }: ReturnType<typeof tabled> = { left: [] },
  notes: readonly string[] = [],
): Part {
  return { title, says: says.filter((each) => each !== false), ...table, notes: [...left, ...notes] };
}
