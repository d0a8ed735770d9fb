import { isActive, isEnded, type Run, type Source } from "../../../policy/index.ts";
import type { RunItem, SpendPoint, Trail, Watched } from "../../model/ledger-store.ts";
import type { LiveRun } from "../../model/live.ts";
import { GAP_MS, slackAfter } from "./slack.ts";
import { joined, strangeAfter, untoldAfter } from "./stretches.ts";

/**
 * The curve of a run as looks come in. All looks since the last point lie within the slack of a line from it: which ones do is
 * kept as the lowest and the highest slope. Where the line to a look is none of these, the look before becomes a point.
 *
 *                      · look: no line passes it and all before     point ------ high
 *     point ----·--·--* becomes a point                                   ·---- low
 *
 * Points ride on writes that are made anyway. The last look of all is in each write as `spent`.
 */

/**
 * A curve of so many points takes the ends of a gap as points only so far from the last one: this part of its time. Where
 * ticks are rare each look ends a gap, and a run may live for months.
 */
const MANY_POINTS = 64;
/** Slopes are in micro-dollars in so many seconds, in whole numbers: they are written every minute. */
const PER_SECS = 1_000;

/** Points are kept to the second. */
const secsOf = (at: Date): number => Math.floor(at.getTime() / 1000);
const secsAfter = (point: SpendPoint, { at }: SpendPoint): number =>
  Math.max(1, secsOf(at) - secsOf(point.at));

const begun = (look: SpendPoint): Trail => ({ from: look.at, point: look, points: 1, open: [look] });

/** The same with a look as its last point. Of two looks in one second the later one counts a second later. */
function withPoint({ slopes: _slopes, ...trail }: Trail, look: SpendPoint): Trail {
  const isLater = secsOf(look.at) > secsOf(trail.point.at);
  const point = isLater ? look : { ...look, at: new Date((secsOf(trail.point.at) + 1) * 1000) };
  return { ...trail, point, points: trail.points + 1, open: [...(trail.open ?? []), point] };
}

/** Is the last point this look? */
const endsWith = ({ point }: Trail, look: SpendPoint): boolean =>
  point.microUsd === look.microUsd && secsOf(point.at) >= secsOf(look.at);

/** The lines that pass one more look near enough; `undefined` where the one to it is none of them. */
function narrowed({ point, points, slopes }: Trail, look: SpendPoint): Trail["slopes"] | undefined {
  const secs = secsAfter(point, look);
  const slopeTo = (microUsd: number): number => ((microUsd - point.microUsd) * PER_SECS) / secs;
  const slope = slopeTo(look.microUsd);
  const [low, high] = slopes ?? [slope, slope];
  if (slope < low || slope > high) return undefined;
  const slack = slackAfter(points);
  const own = [
    Math.ceil(slopeTo(look.microUsd - slack)),
    Math.floor(slopeTo(look.microUsd + slack)),
  ] as const;
  return slopes ? [Math.max(low, own[0]), Math.min(high, own[1])] : own;
}

/** Are the ends of a gap that this look ends to be points? */
const hasRoom = ({ from, point, points }: Trail, { at }: SpendPoint): boolean =>
  points < MANY_POINTS || (at.getTime() - point.at.getTime()) * MANY_POINTS >= at.getTime() - from.getTime();

/** After a look; `before` is the one that told a cost last. */
function afterLook(known: Trail | undefined, before: SpendPoint | undefined, look: SpendPoint): Trail {
  if (known === undefined || before === undefined) return begun(look);
  const isGap = look.at.getTime() - before.at.getTime() > GAP_MS;
  const gaps = isGap && { gaps: joined(known.gaps ?? [], { from: before.at, to: look.at }) };
  const trail = { ...known, ...gaps };
  if (isGap && hasRoom(trail, look))
    return withPoint(endsWith(trail, before) ? trail : withPoint(trail, before), look);
  const slopes = narrowed(trail, look);
  if (slopes) return { ...trail, slopes };
  const bent = withPoint(trail, before);
  const next = narrowed(bent, look);
  return next ? { ...bent, slopes: next } : bent;
}

type Before = Pick<LiveRun, "trail" | "activeUntil" | "strange" | "untold" | "spent" | "observedAt"> & {
  readonly run: Pick<Run, "status">;
};
type After = Pick<LiveRun, "trail" | "activeUntil" | "strange" | "untold">;

/**
 * What is known of the curve, and of when the run was active, after a look at it. What ended has its last look alive as its
 * last point: what it came to is told after its end. `before`: the run before the look, where it is of the same life.
 */
export function trailAfter(
  before: Before | undefined,
  look: { readonly run: Run; readonly observedAt: Date; readonly source: Source },
): After {
  const { run, observedAt: at } = look;
  const wasActive = before !== undefined && isActive(before.run.status);
  const activeUntil = wasActive && !isActive(run.status) ? before.observedAt : before?.activeUntil;
  const active = {
    ...(activeUntil && !isActive(run.status) && { activeUntil }),
    ...strangeAfter(before, run.status, at),
    ...untoldAfter(before, look),
  };
  const { trail, spent } = before ?? {};
  if (isEnded(run.status)) {
    if (trail === undefined) return active;
    const isOver = before !== undefined && isEnded(before.run.status);
    const isWhole = isOver || spent === undefined || endsWith(trail, spent);
    return { ...active, trail: isWhole ? trail : withPoint(trail, spent) };
  }
  if (run.usageTotalMicroUsd === undefined) return { ...active, ...(trail && { trail }) };
  return { ...active, trail: afterLook(trail, spent, { at, microUsd: run.usageTotalMicroUsd }) };
}

/** What an item has of a curve, as if all looks since its last point had been left out. */
function stands({ curve, spent, watched }: Recorded): Trail | undefined {
  const { from, gaps } = watched ?? {};
  if (from === undefined) return undefined;
  const points = curve.filter(({ at }) => secsOf(at) >= secsOf(from));
  const point = points.at(-1);
  if (point === undefined) return undefined;
  const trail: Trail = { from, point, points: points.length, ...(gaps && { gaps }) };
  return spent === undefined || endsWith(trail, spent) ? trail : withPoint(trail, spent);
}

type Recorded = Pick<RunItem, "curve" | "spent" | "watched">;

/** The curve goes on from what somebody else has recorded: from there to our own last look is a gap. */
export function trailFrom(item: Recorded, look: SpendPoint | undefined): Trail | undefined {
  const trail = stands(item);
  const last = item.spent ?? trail?.point;
  if (trail === undefined || look === undefined || last === undefined || last.at >= look.at) return trail;
  return { ...withPoint(trail, look), gaps: joined(trail.gaps ?? [], { from: last.at, to: look.at }) };
}

/** Once it is written. */
export function written({ open: _open, ...trail }: Trail): Trail {
  return trail;
}

/** What is written of how the run was watched; nothing of one that was never seen live. */
export function watchedOf({ trail, life, activeUntil, strange, untold }: LiveRun): Watched | undefined {
  const { readyUntil, stoppingSince } = life;
  const watched: Watched = {
    ...(trail && { from: trail.from, ...(trail.gaps && { gaps: trail.gaps }) }),
    ...(readyUntil && { readyUntil }),
    ...(activeUntil && { activeUntil }),
    ...(stoppingSince && { stoppingSince }),
    ...(strange && { strange }),
    ...(untold && { untold }),
  };
  return Object.keys(watched).length > 0 ? watched : undefined;
}
