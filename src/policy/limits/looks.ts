import type { Observation } from "../observation.ts";
import { isStopping } from "../run.ts";

/** Gauges are believed at two looks in a row, at least this far apart. */
export const TWO_LOOKS_SECS = 60;

/** Looks further apart than this are not in a row: nobody knows what the run did meanwhile. */
const MOST_APART_MS = 15 * 60_000;

/** Do two looks belong to one row? What was never kept has no gap. */
export const isRow = (lookedAt: Date | undefined, at: Date): boolean =>
  lookedAt === undefined || at.getTime() - lookedAt.getTime() <= MOST_APART_MS;

/**
 * Since when something has held without a break, as far as looks in a row tell; `undefined` when they do not. On its way
 * out a run keeps what it was stopped for, however long that takes.
 */
export function heldSince({ run, life, observedAt }: Observation, key: string): Date | undefined {
  const { looks, lookedAt } = life;
  return isRow(lookedAt, observedAt) || isStopping(run.status) ? looks[key] : undefined;
}
