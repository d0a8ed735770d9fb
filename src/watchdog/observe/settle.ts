import { isEnded } from "../../policy/index.ts";
import { FIGURES_REST_MS, type LiveRun } from "../model/live.ts";
import { forEachRun } from "./for-each-run.ts";
import { readDetail } from "./look.ts";
import type { Looking } from "./looking.ts";
import { judgingMs, READ_PATIENCE_MS, withinBudget } from "./within-budget.ts";

/** A figure that will not rest is taken as it is. */
const GIVE_UP_MS = 15 * 60_000;

const endOf = ({ run, observedAt }: LiveRun): Date => run.finishedAt ?? observedAt;

/** Is the run's end in its item, with its final figure? */
export const isSettled = ({ recorded, run, life }: LiveRun): boolean =>
  recorded?.settled === true && recorded.status === run.status && recorded.life === life.number;

/** An ended run after another reading: is its figure at rest? */
export function settle(live: LiveRun): LiveRun {
  const { resting, run, observedAt } = live;
  const usage = run.usageTotalMicroUsd;
  const agrees = resting !== undefined && resting.usageMicroUsd === usage;
  const isOldEnough = resting && observedAt.getTime() - resting.at.getTime() >= FIGURES_REST_MS;
  const isGivenUp = observedAt.getTime() - endOf(live).getTime() >= GIVE_UP_MS;
  const figure = usage === undefined ? {} : { usageMicroUsd: usage };
  if ((agrees && isOldEnough) || isGivenUp) {
    return { ...live, resting: { at: resting?.at ?? observedAt, ...figure, final: true } };
  }
  return agrees ? live : { ...live, resting: { at: observedAt, ...figure } };
}

/** Reads ended runs again until their figures rest, for what they ended at is still moving for a while. */
export async function settleEnded(looking: Looking, openRunIds: ReadonlySet<string>): Promise<void> {
  const now = looking.ports.clock.now();
  const due = [...looking.live.values()].filter(
    (each) =>
      isEnded(each.run.status) &&
      !isSettled(each) &&
      !openRunIds.has(each.run.id) &&
      now.getTime() - endOf(each).getTime() >= FIGURES_REST_MS,
  );
  const again = async (id: string, signal: AbortSignal): Promise<void> => {
    if ((await readDetail(looking, id, signal)) === undefined) return;
    const read = looking.live.get(id);
    if (read && isEnded(read.run.status)) looking.live.set(id, settle(read));
  };
  const ids = due.map(({ run }) => run.id);
  await withinBudget(looking, judgingMs(looking), (signal) =>
    forEachRun(looking, ids, "reading an ended run", again, { patienceMs: READ_PATIENCE_MS, signal }),
  );
}
