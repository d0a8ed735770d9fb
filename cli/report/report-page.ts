import { shareBar } from "../../page/bars.ts";
import type { Child } from "../../page/el.ts";
import { notes, paragraph, runLink, section, type Tile, tiles } from "../../page/parts.ts";
import { staticPage } from "../../page/static-page.ts";
import { dataTable, type Column as PageColumn } from "../../page/table.ts";
import type { Report } from "../../src/watchdog/report/report.ts";
import { rangeText } from "../evidence/backtest-lines.ts";
import { count, usdText } from "../show/words.ts";
import type { Column, Part } from "./part.ts";

/** The columns of the command line, what names the row first, with links to runs, in the colour of what they are worth, and bars beside shares. */
const onPage = <Row>(columns: readonly Column<Row>[]): readonly PageColumn<Row>[] =>
  columns
    .toSorted((a, b) => Number(b.isName ?? false) - Number(a.isName ?? false))
    .flatMap(({ title, cell, align, tone, bar }): readonly PageColumn<Row>[] => {
      const column = {
        title,
        cell: title === "RUN" ? (row: Row) => runLink(cell(row)) : cell,
        ...(align && { align }),
        ...(tone && { tone }),
      };
      if (bar === undefined) return [column];
      const drawn = (row: Row): Child => {
        const [share, worth] = [bar.share(row), tone?.(row)];
        return share === undefined ? undefined : shareBar({ share, ...(worth && { tone: worth }) });
      };
      return [column, { title: bar.title, cell: drawn }];
    });

const shown = ({ title, says, table, notes: all }: Part): Child =>
  section(
    { title },
    ...says.map((text) => paragraph(text)),
    table?.(<Row>(rows: readonly Row[], columns: readonly Column<Row>[]) =>
      dataTable({ label: title, columns: onPage(columns), rows }),
    ),
    notes({ notes: all }),
  );

type Stops = Report["enforced"] | Report["observed"];

/** A range with what it is of; `unknown` where there are stops, and of none of them it is known. */
function savedTile(label: string, { stops, savedMicroUsd }: Stops, what: string): Tile {
  const known = stops.filter((stop) => stop.savedMicroUsd !== undefined).length;
  const unknown = stops.length > known ? `, of ${stops.length - known} unknown` : "";
  return {
    label,
    value: stops.length === 0 ? "–" : savedMicroUsd ? rangeText(savedMicroUsd) : "unknown",
    note: stops.length === 0 ? `no run ${what}` : `${count(stops.length, "run")} ${what}${unknown}`,
  };
}

function figures({ enforced, observed, wrongStops, nearMisses, spend, attention }: Report): Child {
  const { enforced: of, observed: would } = wrongStops;
  const open = attention.filter(({ until }) => until === undefined).length;
  const { microUsd, runsOfUnknownCost, unknownBefore } = spend.total;
  const isAll = runsOfUnknownCost === 0 && unknownBefore === undefined;
  return tiles({
    tiles: [
      savedTile("Saved", enforced, "stopped"),
      savedTile("Would have saved", observed, "would have been stopped"),
      {
        label: "Wrong stops",
        value: of.of > 0 ? String(of.count) : "–",
        note: `of ${count(of.of, "stop")}${would.of > 0 ? `; in observe mode ${would.count} of ${would.of}` : ""}`,
        ...(of.count > 0 && { tone: "bad" as const }),
      },
      {
        label: "Near misses",
        value: nearMisses === undefined ? "unknown" : String(nearMisses.length),
        note: "succeeded at 80% of a stop or more",
      },
      { label: "Spent", value: usdText(microUsd), note: isAll ? "by all runs" : "as far as it is known" },
      {
        label: "Attention",
        value: String(attention.length),
        note: open === 0 ? "none of it open" : `${open} of it open`,
        ...(open > 0 && { tone: "warn" as const }),
      },
    ],
  });
}

/** A report as one page: what the command line shows, in its order. */
export function reportPage(
  report: Report,
  parts: readonly Part[],
  { span, of }: { readonly span: string; readonly of: string },
): string {
  return staticPage({
    title: "What the watchdog did",
    subtitle: [`${span}; ${of}`],
    content: [figures(report), ...parts.map(shown)],
  });
}
