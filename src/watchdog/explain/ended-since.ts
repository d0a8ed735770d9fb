import { isEnded, toMicroUsd } from "../../policy/index.ts";
import type { Entry } from "../model/entry.ts";
import type { LiveRun } from "../model/live.ts";

/** The entry of a run's chain that says that its life has ended, if that was found after this look at it. */
export function endedSince(entries: readonly Entry[], { observedAt, life }: LiveRun): Entry | undefined {
  const closing = entries.findLast(({ kind }) => kind === "abort.confirmed" || kind === "abort.moot");
  if (closing?.subject.kind !== "run" || closing.subject.life !== life.number) return undefined;
  return new Date(closing.at) > observedAt ? closing : undefined;
}

/** The run as that entry found it; where Apify had no such run any more, as it was last seen. */
export function asEnded(live: LiveRun, { at, run }: Entry): LiveRun {
  if (run === undefined || !isEnded(run.status)) return live;
  const { status, finishedAt, usageTotalUsd } = run;
  return {
    ...live,
    observedAt: new Date(at),
    run: {
      ...live.run,
      status,
      ...(finishedAt && { finishedAt: new Date(finishedAt) }),
      ...(usageTotalUsd !== undefined && { usageTotalMicroUsd: toMicroUsd(usageTotalUsd) }),
    },
  };
}
