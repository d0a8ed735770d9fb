import type { MicroUsd } from "../../../policy/index.ts";

/**
 * How near a run's curve is to what was seen. A point is added only where the straight line from the last one would miss a
 * look by more than the slack: a run that burns evenly has two points however long it lives. The slack is a cent, and twice
 * as much after every eight points, so that a run with a hundred points has cost a hundred dollars:
 *
 *     points    1–8    9–16   17–24   …   97–104
 *     slack    1 c     2 c     4 c    …   40.96 USD
 */
const FINEST_MICRO_USD = 10_000;
const DOUBLES_AFTER = 8;

/** How far looks may lie from the line that begins at a curve's nth point, counted from 1. */
export const slackAfter = (points: number): MicroUsd =>
  FINEST_MICRO_USD * 2 ** Math.floor((points - 1) / DOUBLES_AFTER);

/** Looks are a minute apart or less; one that comes so much later leaves a gap. */
export const GAP_MS = 150_000;
