import { table } from "../show/table.ts";
import { type Paint, wrapped } from "../show/terminal.ts";
import type { Column, Part } from "./part.ts";

/** The parts one below the other. */
export function reportLines(
  parts: readonly Part[],
  { columns: width, paint }: { readonly columns: number; readonly paint: Paint },
): readonly string[] {
  const look = { columns: width, paint };
  return parts.flatMap(({ title, says, table: tabled, notes }) => [
    "",
    paint("bold", title),
    ...says.flatMap((text) => wrapped(text, width)),
    ...(tabled?.(<Row>(rows: readonly Row[], columns: readonly Column<Row>[]) =>
      table(rows, columns, look),
    ) ?? []),
    ...notes.flatMap((text) => wrapped(text, width, (line) => paint("dim", line))),
  ]);
}
