import type { MicroUsd } from "../../policy/index.ts";
import type { Past } from "./past.ts";

/**
 * What is known of a run's cost over its time: at some instants the figure, between two of them only that it lies between
 * the two. `at` in ms.
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
  /** From (start, 0) to (end, final), rising. */
  readonly points: readonly { readonly at: number; readonly microUsd: MicroUsd }[];
};

/** From the instant at which a step is reached: up to a minute to the next look, and the graceful end. */
export const STOPS_WITHIN_MS = 150_000;
/** How much faster than on its average a run is taken to burn meanwhile, at most. */
export const TIMES_MEAN = 4;

/** `undefined` where Apify has not told what the run came to. A figure above that was corrected since: it counts as that. */
export function knownCost({ run, curve = [] }: Past): KnownCost | undefined {
  const { startedAt, finishedAt, usageTotalMicroUsd: final } = run;
  if (finishedAt === undefined || final === undefined || !Number.isFinite(final)) return undefined;
  const [start, end] = [startedAt.getTime(), Math.max(startedAt.getTime(), finishedAt.getTime())];
  const points = [{ at: start, microUsd: 0 }];
  for (const point of curve) {
    const at = point.at.getTime();
    const last = points.at(-1);
    const microUsd = Math.min(final, Math.max(point.microUsd, last?.microUsd ?? 0));
    if (last !== undefined && at > last.at && at < end) points.push({ at, microUsd });
  }
  return { start, end, final, points: [...points, { at: end, microUsd: final }] };
}

/** What it had certainly cost by then. */
export const leastAt = ({ points }: KnownCost, at: number): MicroUsd =>
  points.findLast((point) => point.at <= at)?.microUsd ?? 0;

/** What it can at most have cost by then. */
export const mostAt = ({ points, final }: KnownCost, at: number): MicroUsd =>
  points.find((point) => point.at >= at)?.microUsd ?? final;

/** What it had cost by then, and when it had cost so much, if between two known figures it rose evenly. */
export const evenlyAt = ({ points, final }: KnownCost, at: number): MicroUsd => {
  const next = points.findIndex((point) => point.at >= at);
  const [a, b] = [points[next - 1], points[next]];
  if (b === undefined) return final;
  return a === undefined ? 0 : a.microUsd + ((b.microUsd - a.microUsd) * (at - a.at)) / (b.at - a.at);
};
export const evenlyWhen = ({ points }: KnownCost, microUsd: MicroUsd): number | undefined => {
  const next = points.findIndex((point) => point.microUsd >= microUsd);
  const [a, b] = [points[next - 1], points[next]];
  if (a === undefined || b === undefined) return undefined;
  return a.at + Math.ceil(((b.at - a.at) * (microUsd - a.microUsd)) / (b.microUsd - a.microUsd));
};

/** What it can go on to cost from the instant at which a step is reached until it has ended. */
export const overshootOf = ({ start, end, final }: KnownCost): MicroUsd =>
  Math.min(final, Math.ceil(TIMES_MEAN * final * Math.min(1, STOPS_WITHIN_MS / Math.max(1, end - start))));
