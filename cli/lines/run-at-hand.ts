import { formatDuration, formatUsd, type Run } from "../../src/policy/index.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";

/** Which run is about to be stopped or started again: what people know it by. */
export function runAtHand(run: Run, actorName: string, now: Date): readonly string[] {
  const { id, status, startedAt, usageTotalMicroUsd: cost } = run;
  const age = formatDuration(Math.max(0, Math.round((now.getTime() - startedAt.getTime()) / 1000)));
  const spent = cost === undefined ? "its cost is not known" : `${formatUsd(cost)} so far`;
  return [`Run ${id} of ${actorName}: ${status}, started ${age} ago (${minuteOf(startedAt)} UTC), ${spent}.`];
}
