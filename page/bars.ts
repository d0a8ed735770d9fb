import type { VNode } from "preact";
import { el, type Tone } from "./el.ts";

/** Bars stand in tables, beside the figures that they draw: nothing is in the picture alone. */

const WIDTH = 100;
const HEIGHT = 10;

const within = (share: number): number => (Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0);
const widthOf = (value: number, most: number): number =>
  Math.round(within(most > 0 ? value / most : 0) * WIDTH * 10) / 10;

const strip = (...parts: readonly VNode[]): VNode =>
  el(
    "svg",
    { class: "bar", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    el("rect", { class: "ground", width: WIDTH, height: HEIGHT }),
    ...parts,
  );

/** What is certain in full colour, and paler up to what it is at most. */
export const rangeBar = ({
  from,
  to,
  most,
}: {
  readonly from: number;
  readonly to: number;
  readonly most: number;
}): VNode =>
  strip(
    el("rect", { class: "pale", width: widthOf(to, most), height: HEIGHT }),
    el("rect", { class: "full", width: widthOf(from, most), height: HEIGHT }),
  );

type ShareBar = {
  readonly share: number;
  readonly tone?: Tone | undefined;
  /** A mark at this share: for example where it would be if it were spent evenly. */
  readonly mark?: number | undefined;
};

/** How much of a limit is used up. Full is all of it, whatever is beyond. */
export const shareBar = ({ share, tone, mark }: ShareBar): VNode =>
  strip(
    el("rect", {
      class: tone === undefined ? "full" : `full ${tone}`,
      width: widthOf(share, 1),
      height: HEIGHT,
    }),
    ...(mark === undefined
      ? []
      : [el("line", { class: "pace", x1: widthOf(mark, 1), x2: widthOf(mark, 1), y1: 0, y2: HEIGHT })]),
  );
