import type { VNode } from "preact";
import { el } from "../../../page/el.ts";
import { picture } from "../../../page/picture.ts";
import { dataTable } from "../../../page/table.ts";
import { minuteText, usdText } from "../words.ts";
import { said } from "./part.ts";

export type CurvePoint = { readonly at: string; readonly usd: number };

/** The plot's own units, which are stretched; labels stand around it and keep their size. */
const UNITS = 1_000;
const PLOT = { x: "9%", y: "6%", width: "88%", height: "80%" };

/** How a run's cost grew, look by look, against its limit where there is one. */
export function curveView(points: readonly CurvePoint[], limit: number | undefined, now: Date): VNode {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return said("dim", "No look has seen what it costs yet.");
  const most = Math.max(limit ?? 0, ...points.map(({ usd }) => usd)) * 1.05 || 1;
  const from = Date.parse(first.at);
  const span = Date.parse(last.at) - from || 1;
  const y = (usd: number): number => Math.round((1 - usd / most) * UNITS);
  const line = points.map(
    ({ at, usd }) => `${Math.round(((Date.parse(at) - from) / span) * UNITS)},${y(usd)}`,
  );
  const percent = (usd: number): string => `${6 + 80 * (1 - usd / most)}%`;
  const label = (usd: number, text: string): VNode => el("text", { x: "0", y: percent(usd), dy: "4" }, text);
  const svg = el(
    "svg",
    { class: "plot curve", role: "img", "aria-label": "Cost over time; the table has the figures." },
    el(
      "svg",
      { ...PLOT, "aria-hidden": "true", viewBox: `0 0 ${UNITS} ${UNITS}`, preserveAspectRatio: "none" },
      limit === undefined
        ? undefined
        : el("line", { class: "limit", x1: 0, x2: UNITS, y1: y(limit), y2: y(limit) }),
      el("polyline", { class: "edge", points: line.join(" ") }),
    ),
    label(0, "$0"),
    label(limit ?? last.usd, usdText(limit ?? last.usd)),
    el("text", { x: "9%", y: "97%" }, minuteText(first.at, now)),
    el("text", { x: "97%", y: "97%", "text-anchor": "end" }, minuteText(last.at, now)),
  );
  return picture({
    svg,
    caption: `What it had cost at each look${limit === undefined ? "" : `, and its limit of ${usdText(limit)} (dashed)`}. Times are in UTC.`,
    table: dataTable({
      label: "Cost at each look",
      rows: points,
      columns: [
        { title: "When (UTC)", cell: ({ at }) => minuteText(at, now) },
        { title: "Cost", align: "right", cell: ({ usd }) => usdText(usd) },
      ],
    }),
  });
}
