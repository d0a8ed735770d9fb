import { isEnded } from "../../../policy/index.ts";
import type { LiveRun } from "../../model/live.ts";
import { skipFailed } from "../../model/pass.ts";
import type { RunItem } from "../../model/ports.ts";
import type { Looking } from "../looking.ts";
import { recordedOf } from "../spending.ts";

/** An ended run that the live index does not have, as its item has it. */
export function recalled(item: RunItem, now: Date): LiveRun {
  const { run, life, recordedAt, settledAt, spent } = item;
  const figure = spent && { usageMicroUsd: spent.microUsd };
  return {
    run,
    observedAt: recordedAt < now ? recordedAt : now,
    source: "detail",
    life: { number: life, since: recordedAt, looks: {} },
    recorded: recordedOf(item),
    ...(spent && { spent }),
    said: [],
    ...(settledAt && { resting: { at: settledAt, ...figure, final: true } }),
  };
}

/**
 * Takes back what is recorded of the end of runs that are listed live again: which life it is, and since when, is told by
 * what it was before. Where that can't be read they count as never seen.
 */
export async function recallEnded(looking: Looking, runIds: Iterable<string>): Promise<void> {
  const { live, ports } = looking;
  const unknown = [...runIds].filter((id) => !live.has(id));
  if (unknown.length === 0) return;
  try {
    for (const [id, item] of await ports.state.readRuns(unknown))
      if (isEnded(item.run.status)) live.set(id, recalled(item, ports.clock.now()));
  } catch (error) {
    skipFailed(looking, "reading what is recorded of a run that is live again", error);
  }
}
