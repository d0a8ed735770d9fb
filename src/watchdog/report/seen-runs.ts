import { isEnded, type Run } from "../../policy/index.ts";
import type { Live } from "../model/live.ts";
import type { RecordedRuns, SpendPoint } from "../model/ports.ts";

/** A run as it was seen last. */
export type SeenRun = { readonly run: Run; readonly at: Date; readonly curve: readonly SpendPoint[] };

/** These runs as they were recorded or, of those that ticks still look at, as they were seen last. */
export async function seenRuns(
  state: Pick<RecordedRuns, "readRuns">,
  { runs: live }: Live,
  runIds: Iterable<string>,
): Promise<ReadonlyMap<string, SeenRun>> {
  const seen = new Map<string, SeenRun>();
  for (const [id, { run, recordedAt, spent, curve }] of await state.readRuns([...runIds])) {
    // A look that told no cost does not take away what was booked.
    const cost = run.usageTotalMicroUsd ?? spent?.microUsd;
    const known = cost === undefined ? run : { ...run, usageTotalMicroUsd: cost };
    const ours = live.get(id);
    const isNewer = ours !== undefined && ours.observedAt >= recordedAt && !isEnded(run.status);
    seen.set(
      id,
      isNewer ? { run: ours.run, at: ours.observedAt, curve } : { run: known, at: recordedAt, curve },
    );
  }
  for (const id of runIds) {
    const ours = live.get(id);
    if (ours && !seen.has(id)) seen.set(id, { run: ours.run, at: ours.observedAt, curve: [] });
  }
  return seen;
}
