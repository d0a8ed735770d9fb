import type { Child } from "../../page/el.ts";
import { fold, paragraph, runLink } from "../../page/parts.ts";
import { type Column, dataTable } from "../../page/table.ts";
import type { BacktestStop } from "../../src/watchdog/learn/stops.ts";
import { runColumns } from "./backtest-lines.ts";
import type { NameOf } from "./names.ts";

/** A page has so many rows of a table; lists of all are in the other forms. */
const MOST_ROWS = 1_000;
/** Of which it shows so many at once. */
const FIRST_ROWS = 12;

/** A table whose first rows are shown at once, and the others on demand. */
export function listed<T>(
  label: string,
  columns: readonly Column<T>[],
  rows: readonly T[],
): readonly Child[] {
  const [first, others] = [rows.slice(0, FIRST_ROWS), rows.slice(FIRST_ROWS, MOST_ROWS)];
  const left =
    rows.length > MOST_ROWS
      ? paragraph(`The first ${MOST_ROWS} of ${rows.length}. --json has all of them.`, "dim")
      : undefined;
  const more =
    others.length > 0
      ? fold(
          { summary: `${others.length} more` },
          dataTable({ label: `${label}, more`, columns, rows: others }),
        )
      : undefined;
  return [dataTable({ label, columns, rows: first }), more, left];
}

/** The columns of the command line, with links and with what stands out. */
export const stopColumns = (nameOf: NameOf): readonly Column<BacktestStop>[] =>
  runColumns(nameOf).map((column): Column<BacktestStop> => {
    if (column.title === "RUN") return { ...column, cell: ({ runId }) => runLink(runId) };
    if (column.title !== "ENDED") return column;
    return { ...column, tone: ({ isWrong }) => (isWrong ? "bad" : undefined) };
  });
