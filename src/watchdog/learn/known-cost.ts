import type { MicroUsd } from "../../policy/index.ts";
import { slackAfter } from "../observe/curve/slack.ts";
import type { Past } from "./past.ts";

/**
 * What is known of a run's cost over its time: at some instants the figure; between two of them only that it lies between the
 * two or, where it was looked at all the while, near the straight line as well. `at` in ms.
 *
 *     final                    *        what it came to
 *                   upper -----|
 *     recorded      *----------| lower
 *     0      *------|
 *          start              end
 */
export type KnownCost = {
  readonly start: number;
  readonly end: number;
  readonly final: MicroUsd;
  /** From (start, 0) to (end, final). */
  readonly points: readonly KnownPoint[];
  /** The same with what a reading took back at once as that reading had it. Absent: none did. */
  readonly settled?: readonly KnownPoint[];
};

/** `slack`: each look since the point before lies so near to the line between the two; absent where nobody looked. */
type KnownPoint = { readonly at: number; readonly microUsd: MicroUsd; readonly slack?: MicroUsd };

/**
 * Which of the figures that are possible is shown between two that are known. `early`: the highest one, so that all is
 * reached as early as can be; `late`: the lowest; `even`: what a straight line has, which is the middle and no end of a range.
 */
export type Pace = "early" | "even" | "late";

/** From the instant at which a step is reached: up to a minute to the next look, and the graceful end. */
export const STOPS_WITHIN_MS = 150_000;
/** How much faster than on its average a run is taken to burn meanwhile, at most. */
export const TIMES_MEAN = 4;

/** How near the looks since the point before lie to the line, of a curve's points from the first look on. */
function slackUpTo(
  at: number,
  before: KnownPoint | undefined,
  { watched = {} }: Past,
  nth: number,
): { readonly slack?: MicroUsd } {
  if (before === undefined || nth < 2) return {};
  const isGap = watched.gaps?.some(({ from, to }) => from.getTime() < at && to.getTime() > before.at + 999);
  return isGap ? {} : { slack: slackAfter(nth - 1) };
}

/**
 * `undefined` where Apify has not told what the run came to. Of what was not watched, a figure that is above that was
 * corrected since and counts as that; of what was, it is what a rule went by at the time.
 */
export function knownCost(past: Past): KnownCost | undefined {
  const { run, curve = [], watched } = past;
  const { startedAt, finishedAt, usageTotalMicroUsd: final } = run;
  if (finishedAt === undefined || final === undefined || !Number.isFinite(final)) return undefined;
  const [start, end] = [startedAt.getTime(), Math.max(startedAt.getTime(), finishedAt.getTime())];
  const from = watched?.from ? Math.floor(watched.from.getTime() / 1000) * 1000 : Number.POSITIVE_INFINITY;
  const points: KnownPoint[] = [{ at: start, microUsd: 0 }];
  let nth = 0;
  for (const point of curve) {
    const at = Math.max(start, point.at.getTime());
    const last = points.at(-1);
    const isWatched = point.at.getTime() >= from;
    if (isWatched) nth++;
    const microUsd = isWatched
      ? point.microUsd
      : Math.min(final, Math.max(point.microUsd, last?.microUsd ?? 0));
    if (isWatched && nth === 1 && at === start) points.pop();
    else if (last === undefined || at <= last.at || at >= end) continue;
    points.push({ at, microUsd, ...(isWatched && slackUpTo(at, last, past, nth)) });
  }
  const all = [...points, { at: end, microUsd: final }];
  const isTakenBack = all.some((point, i) => settledAt(point, all[i + 1]) < point.microUsd);
  const settled =
    isTakenBack && all.map((point, i) => ({ ...point, microUsd: settledAt(point, all[i + 1]) }));
  return { start, end, final, points: all, ...(settled && { settled }) };
}

/** A tick reads a run again before it stops it, at most so long after the look that asked for it. */
const READS_AGAIN_WITHIN_MS = 5_000;

/** What is left of a figure after the reading that follows at once, if one did: what that took back stopped nothing. */
const settledAt = ({ at, microUsd }: KnownPoint, next: KnownPoint | undefined): MicroUsd =>
  next?.slack !== undefined && next.at - at <= READS_AGAIN_WITHIN_MS
    ? Math.min(microUsd, next.microUsd)
    : microUsd;

/** The figures that a pace goes by. */
export const pointsAt = ({ points, settled = points }: KnownCost, pace: Pace): readonly KnownPoint[] =>
  pace === "late" ? settled : points;

const SIGN = { early: 1, even: 0, late: -1 } as const satisfies Readonly<Record<Pace, number>>;

/** The figure at an instant, as a pace shows it. */
export function shownAt(cost: KnownCost, at: number, pace: Pace): MicroUsd {
  const { final } = cost;
  const points = pointsAt(cost, pace);
  const before = points.findLastIndex((point) => point.at <= at);
  const [a, b] = [points[before], points[before + 1]];
  if (a === undefined) return 0;
  if (b === undefined) return final;
  if (a.at === at) return a.microUsd;
  const [least, most] = [Math.min(a.microUsd, b.microUsd), Math.max(a.microUsd, b.microUsd)];
  const { slack = Number.POSITIVE_INFINITY } = b;
  const line = a.microUsd + ((b.microUsd - a.microUsd) * (at - a.at)) / (b.at - a.at);
  if (pace === "even") return line;
  return Math.min(most, Math.max(least, line + SIGN[pace] * slack));
}

/** What it had certainly cost by then, and what it can at most have cost. */
export const leastAt = (cost: KnownCost, at: number): MicroUsd => shownAt(cost, at, "late");
export const mostAt = (cost: KnownCost, at: number): MicroUsd => shownAt(cost, at, "early");

/** When it first had cost so much, as a pace shows it, and whether it was looked at then. */
export function reachedAt(cost: KnownCost, microUsd: MicroUsd, pace: Pace) {
  const points = pointsAt(cost, pace);
  const next = points.findIndex((point) => point.microUsd >= microUsd);
  const [a, b] = [points[next - 1], points[next]];
  if (a === undefined || b === undefined) return undefined;
  const { slack = Number.POSITIVE_INFINITY } = b;
  const off = pace === "even" ? 0 : SIGN[pace] * slack;
  const share = Math.min(1, Math.max(0, (microUsd - off - a.microUsd) / (b.microUsd - a.microUsd)));
  return { at: a.at + Math.ceil((b.at - a.at) * share), isWatched: b.slack !== undefined };
}

/** What it can go on to cost from the instant at which a step is reached until it has ended. */
export const overshootOf = ({ start, end, final }: KnownCost): MicroUsd =>
  Math.min(final, Math.ceil(TIMES_MEAN * final * Math.min(1, STOPS_WITHIN_MS / Math.max(1, end - start))));
