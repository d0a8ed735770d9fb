import type { SpendPoint, Stretch } from "./ledger-store.ts";

/** What is kept of a run's curve until it is written: `observe/curve/trail.ts` says by what rule. */
export type Trail = {
  /** The first look that told a cost. */
  readonly from: Date;
  /** The last point of the curve. */
  readonly point: SpendPoint;
  /** How many points there are. */
  readonly points: number;
  /** Those that are not written yet. Absent: none. */
  readonly open?: readonly SpendPoint[];
  /** A line from the last point with a slope between these passes every look since then near enough. Absent: any does. */
  readonly slopes?: readonly [low: number, high: number];
  readonly gaps?: readonly Stretch[];
};
