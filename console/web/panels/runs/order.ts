import type { Run } from "../../told.ts";

/** A row of the table; one that is gone is live no longer, and keeps its place until rows may move. */
export type Row = { readonly run: Run; readonly isGone: boolean };

/**
 * The rows in the order in which they are shown. While a person is about to click on one, none moves away from under the
 * pointer: those that are there keep their places, and new ones come last.
 */
export function orderedRows(runs: readonly Run[], before: readonly Row[], isHeld: boolean): readonly Row[] {
  const rows = runs.map((run) => ({ run, isGone: false }));
  if (!isHeld || before.length === 0) return rows;
  const byId = new Map(rows.map((row) => [row.run.runId, row]));
  const kept = before.map((row) => byId.get(row.run.runId) ?? { ...row, isGone: true });
  const known = new Set(before.map(({ run }) => run.runId));
  return [...kept, ...rows.filter(({ run }) => !known.has(run.runId))];
}

/** How many rows would be elsewhere, or away, if they were not held. */
export const waitingRows = (rows: readonly Row[], runs: readonly Run[]): number =>
  rows.filter(({ run }, at) => runs[at]?.runId !== run.runId).length;

const plain = (text: string): string => text.toLowerCase().normalize("NFKC");

/** Those of an Actor, or with an id, of which each word of the filter is a part. */
export function filteredRows(rows: readonly Row[], filter: string): readonly Row[] {
  const words = plain(filter).split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter(({ run }) => {
    const text = plain(`${run.actor} ${run.actorId} ${run.runId}`);
    return words.every((word) => text.includes(word));
  });
}
