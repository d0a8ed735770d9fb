import { isEnded } from "../../policy/index.ts";
import type { RecordedRuns, RunItem } from "../model/ports.ts";

/** Recorded runs that ended since an instant, the latest first. Reads every run that is recorded. */
export async function pastRuns(
  state: RecordedRuns,
  {
    since,
    actorId,
    onRead = () => undefined,
  }: {
    readonly since: Date;
    readonly actorId?: string | undefined;
    readonly onRead?: (count: number) => unknown;
  },
): Promise<readonly RunItem[]> {
  const found: RunItem[] = [];
  let read = 0;
  for await (const item of state.allRuns()) {
    onRead(++read);
    const { run, recordedAt } = item;
    const isMeant = isEnded(run.status) && (run.finishedAt ?? recordedAt) >= since;
    if (isMeant && (actorId === undefined || run.actorId === actorId)) found.push(item);
  }
  const endOf = ({ run, recordedAt }: RunItem): number => (run.finishedAt ?? recordedAt).getTime();
  return found.toSorted((a, b) => endOf(b) - endOf(a));
}
