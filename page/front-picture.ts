import type { VNode } from "preact";
import { formatUsd, type MicroUsd } from "../src/policy/index.ts";
import { el } from "./el.ts";

/** What a limit would have saved, against how many runs it would have stopped that were to be left alone. */
export type FrontCorner = { readonly wrong: number; readonly from: MicroUsd; readonly to: MicroUsd };
export type FrontMark = FrontCorner & { readonly label: string };

type FrontPicture = {
  /** What it shows, for those who don't see it. */
  readonly label: string;
  /** In any order. */
  readonly corners: readonly FrontCorner[];
  readonly marks: readonly FrontMark[];
};

/** The plot within the picture, in percent of it: labels stand around it, and keep their size at any width. */
const PLOT = { left: 7, width: 89, top: 8, height: 76 };
/** The plot's own units, which are stretched. */
const UNITS = 1_000;
/** Up to so many wrong stops they stand evenly apart. */
const EVEN_UP_TO = 12;

const percent = (share: number): string => `${Math.round(share * 100) / 100}%`;

/** The next of 1, 2, 5, 10, 20 … from a value on. */
function niceFrom(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return ([1, 2, 5, 10].find((each) => each * power >= value) ?? 10) * power;
}

const steps = (most: number, by: number): readonly number[] =>
  Array.from({ length: Math.floor(most / by) + 1 }, (_, i) => i * by);

function wrongTicks(most: number): readonly number[] {
  if (most <= EVEN_UP_TO) return steps(most, most > 6 ? 2 : 1);
  const all = [0, 1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000];
  return all.filter((each) => each <= most);
}

/** Dollars saved, as a band from what is certain to what may be, over the wrong stops that they cost. */
export function frontPicture({ label, corners, marks }: FrontPicture): VNode {
  const mostWrong = Math.max(1, ...corners.map(({ wrong }) => wrong));
  const mostSaved = Math.max(1, ...corners.map(({ to }) => to)) * 1.05;
  const isEven = mostWrong <= EVEN_UP_TO;
  const shareOf = (wrong: number): number =>
    isEven ? wrong / mostWrong : Math.log1p(wrong) / Math.log1p(mostWrong);
  const x = (wrong: number): string => percent(PLOT.left + PLOT.width * shareOf(wrong));
  const y = (saved: number): string => percent(PLOT.top + PLOT.height * (1 - saved / mostSaved));
  const at = (wrong: number, saved: number): string =>
    `${Math.round(shareOf(wrong) * UNITS)},${Math.round((1 - saved / mostSaved) * UNITS)}`;
  const rising = corners.toSorted((a, b) => a.wrong - b.wrong || a.to - b.to);
  const upper = rising.map(({ wrong, to }) => at(wrong, to));
  const lower = rising.map(({ wrong, from }) => at(wrong, from));
  const plot = el(
    "svg",
    {
      "aria-hidden": "true",
      x: percent(PLOT.left),
      y: percent(PLOT.top),
      width: percent(PLOT.width),
      height: percent(PLOT.height),
      viewBox: `0 0 ${UNITS} ${UNITS}`,
      preserveAspectRatio: "none",
    },
    el("polygon", { class: "band", points: [...upper, ...lower.toReversed()].join(" ") }),
    el("polyline", { class: "edge", points: upper.join(" ") }),
    el("polyline", { class: "edge least", points: lower.join(" ") }),
  );
  const dollars = steps(mostSaved, niceFrom(mostSaved / 4)).map((saved) => [
    el("line", { class: "grid", x1: "0", x2: "100%", y1: y(saved), y2: y(saved) }),
    el("text", { x: "0", y: y(saved), dy: "-4" }, formatUsd(saved).replace(/\.00$/, "")),
  ]);
  const wrongs = wrongTicks(mostWrong).map((wrong) =>
    el("text", { x: x(wrong), y: "91%", "text-anchor": "middle" }, String(wrong)),
  );
  const points = marks.map(({ wrong, from, to, label: text }, nth) => {
    const isRight = shareOf(wrong) > 0.5;
    const side = { dx: isRight ? -10 : 10, "text-anchor": isRight ? "end" : "start" };
    return [
      el("line", { class: "reach", x1: x(wrong), x2: x(wrong), y1: y(from), y2: y(to) }),
      el("circle", { class: `mark nth-${nth}`, cx: x(wrong), cy: y(to), r: 5 }),
      el("text", { class: "name", x: x(wrong), y: y(to), dy: nth === 0 ? -8 : 24, ...side }, text),
    ];
  });
  return el(
    "svg",
    { class: "plot", role: "img", "aria-label": label },
    ...dollars,
    plot,
    ...points,
    ...wrongs,
    el("text", { x: "50%", y: "98.5%", "text-anchor": "middle" }, "wrong stops →"),
  );
}
