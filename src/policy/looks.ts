import { isStopping, type Observation } from "./run.ts";

/** Looks further apart than this are not in a row: nobody knows what the run did meanwhile. */
const MOST_APART_MS = 15 * 60_000;

/**
 * Since when something has held without a break, as far as looks in a row tell; `undefined` when they do not. On its way
 * out a run keeps what it was stopped for, however long that takes.
 */
export function heldSince({ run, life, observedAt }: Observation, key: string): Date | undefined {
  const { looks, lookedAt = observedAt } = life;
  const isInRow = observedAt.getTime() - lookedAt.getTime() <= MOST_APART_MS;
  return isInRow || isStopping(run.status) ? looks[key] : undefined;
}
