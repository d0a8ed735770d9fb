import { isEnded } from "../../policy/index.ts";
import type { RecordedRuns, RunItem } from "../model/ports.ts";

/** Recorded runs that ended in a span of time, the latest first; `to` is not in it any more. Reads every run that is recorded. */
export async function pastRuns(
  state: RecordedRuns,
  {
    from,
    to,
    onRead = () => undefined,
  }: {
    readonly from: Date;
    readonly to?: Date;
    readonly onRead?: (count: number) => unknown;
  },
): Promise<readonly RunItem[]> {
  const found: RunItem[] = [];
  let read = 0;
  for await (const item of state.allRuns()) {
    onRead(++read);
    const { run, recordedAt } = item;
    const endedAt = run.finishedAt ?? recordedAt;
    if (isEnded(run.status) && endedAt >= from && (to === undefined || endedAt < to)) found.push(item);
  }
  const endOf = ({ run, recordedAt }: RunItem): number => (run.finishedAt ?? recordedAt).getTime();
  return found.toSorted((a, b) => endOf(b) - endOf(a));
}
