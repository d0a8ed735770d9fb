import { isWithin, type Spender, type Window } from "../../policy/index.ts";
import type { Live } from "../model/live.ts";
import type { LedgerReads } from "../model/ports.ts";
import { readSnapshot, sumsOf } from "./ledger.ts";
import { type Spent, spentOf, windowsIn } from "./spend-report.ts";
import { untoldRuns } from "./untold-runs.ts";

/** What runs of one Actor, task and origin spent in one UTC day, or in what the span has of it. */
export type DailySpend = Spent &
  Pick<Spender, "actorId" | "actorTaskId" | "origin"> & { readonly window: Window };

type Who = readonly [actorId: string, actorTaskId: string | null, origin: string | null];
const keyOf = ({ actorId, actorTaskId, origin }: Spender): string =>
  JSON.stringify([actorId, actorTaskId ?? null, origin ?? null] satisfies Who);

/** What was spent in a span of whole UTC hours, day by day, each day's most expensive first. The sums are those of `spendReport`. */
export async function dailySpend(
  state: LedgerReads,
  { runs, recordings = 0, completeAt: asleepUntil }: Live,
  span: Window,
  now: Date,
): Promise<readonly DailySpend[]> {
  const windows = windowsIn(span, "day", "UTC");
  const snapshot = await readSnapshot(state, runs, { recordings, windows, now, asleepUntil });
  const untold = untoldRuns(snapshot.live.values(), now);
  return windows.flatMap((window) => {
    const sums = sumsOf(snapshot, window, keyOf);
    const untoldBy = Map.groupBy(
      untold.filter((each) => isWithin(each, window)),
      keyOf,
    );
    return [...new Set([...sums.keys(), ...untoldBy.keys()])]
      .map((key) => {
        const [actorId, actorTaskId, origin] = JSON.parse(key) as Who;
        return {
          window,
          actorId,
          ...(actorTaskId !== null && { actorTaskId }),
          ...(origin !== null && { origin }),
          ...spentOf(sums.get(key) ?? 0, untoldBy.get(key)?.length ?? 0, undefined),
        };
      })
      .filter(({ microUsd, runsOfUnknownCost }) => microUsd !== 0 || runsOfUnknownCost > 0)
      .toSorted((a, b) => (b.microUsd ?? 0) - (a.microUsd ?? 0) || (keyOf(a) < keyOf(b) ? -1 : 1));
  });
}
