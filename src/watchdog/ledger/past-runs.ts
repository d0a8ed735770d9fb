import { isEnded } from "../../policy/index.ts";
import type { LiveRun } from "../model/live.ts";
import type { RecordedRuns, RunItem } from "../model/ports.ts";

const endOf = ({ run, recordedAt }: RunItem): Date => run.finishedAt ?? recordedAt;

/** A run that ended after the last tick had looked at it, as the next one will record it, as far as that is known. */
const asRecorded = ({ run, life, observedAt }: LiveRun): RunItem => {
  const { usageTotalMicroUsd: microUsd } = run;
  const spent = microUsd === undefined ? {} : { spent: { at: observedAt, microUsd } };
  return { run, life: life.number, recordedAt: observedAt, version: 0, ...spent, curve: [] };
};

/**
 * Recorded runs that ended in a span of time, the latest first; `to` is not in it any more. Reads every run that is recorded.
 * `endedSince`: those that ended since the last tick, and are recorded as live, if at all.
 */
export async function pastRuns(
  state: RecordedRuns,
  {
    from,
    to,
    endedSince = [],
    onRead = () => undefined,
  }: {
    readonly from: Date;
    readonly to?: Date;
    readonly endedSince?: readonly LiveRun[];
    readonly onRead?: (count: number) => unknown;
  },
): Promise<readonly RunItem[]> {
  const found: RunItem[] = [];
  let read = 0;
  const isMeant = (item: RunItem): boolean =>
    isEnded(item.run.status) && endOf(item) >= from && (to === undefined || endOf(item) < to);
  const later = new Map(endedSince.map((each) => [each.run.id, asRecorded(each)]));
  for await (const item of state.allRuns()) {
    onRead(++read);
    if (isEnded(item.run.status)) later.delete(item.run.id);
    if (isMeant(item)) found.push(item);
  }
  found.push(...[...later.values()].filter(isMeant));
  return found.toSorted((a, b) => endOf(b).getTime() - endOf(a).getTime());
}
