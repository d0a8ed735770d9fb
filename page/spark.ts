import type { VNode } from "preact";
import { el } from "./el.ts";

const WIDTH = 72;
const HEIGHT = 20;
/** Half of the line's width, so that it is not cut off at the edges. */
const EDGE = 1.5;

const round = (value: number): number => Math.round(value * 10) / 10;

export type SparkPoint = { readonly at: Date; readonly value: number };

/** How a figure grew from nothing, as a line in a row: the figures themselves stand beside it. A limit is a dashed line. */
export function spark({
  points,
  limit,
}: {
  readonly points: readonly SparkPoint[];
  readonly limit?: number | undefined;
}): VNode | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return undefined;
  const most = Math.max(limit ?? 0, ...points.map(({ value }) => value)) || 1;
  const [from, span] = [first.at.getTime(), last.at.getTime() - first.at.getTime() || 1];
  const y = (value: number): number => round(HEIGHT - EDGE - (value / most) * (HEIGHT - 2 * EDGE));
  const x = (at: Date): number => round(((at.getTime() - from) / span) * WIDTH);
  return el(
    "svg",
    {
      class: "spark",
      width: WIDTH,
      height: HEIGHT,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    },
    limit === undefined
      ? undefined
      : el("line", { class: "grid", x1: 0, x2: WIDTH, y1: y(limit), y2: y(limit) }),
    el("polyline", {
      class: "edge",
      points: points.map(({ at, value }) => `${x(at)},${y(value)}`).join(" "),
    }),
  );
}
