import { isPossible } from "../../policy/index.ts";
import { isAhead } from "../model/ahead.ts";
import type { ApifyTime } from "../model/apify-port.ts";
import type { Live, LiveRun } from "../model/live.ts";
import type { StateReads } from "../model/ports.ts";

const earlier = (at: Date, now: Date): Date => (at < now ? at : now);
const latest = (at: Date, other: Date): Date => (at > other ? at : other);

/**
 * What is recorded of a run stays; what was seen of it, and when, comes from a clock that was wrong. No life began before
 * Apify says that the run did.
 */
function asUnseen(
  { run, recorded, spent, unrecorded, unrecordedBefore, said, life, unread }: LiveRun,
  now: Date,
): LiveRun {
  return {
    run,
    observedAt: now,
    source: "list",
    life: {
      number: life.number,
      since: latest(earlier(life.since, now), run.startedAt),
      ...(life.doubtedAt && { doubtedAt: earlier(life.doubtedAt, now) }),
      looks: {},
    },
    ...(recorded && { recorded }),
    ...(spent && { spent: { ...spent, at: earlier(spent.at, now) } }),
    ...(unrecorded && { unrecorded }),
    ...(unrecordedBefore && { unrecordedBefore }),
    ...(unread && { unread }),
    said,
  };
}

/** What is dated ahead of now counts as not remembered: looks, cursor, heartbeat, the last complete tick. */
export function withoutAhead(
  { runs, cursor, awaitedUpTo, heartbeat, completeAt, budgets, ...rest }: Live,
  now: Date,
): Live {
  const counts = (at: Date | undefined): at is Date => at !== undefined && !isAhead(at, now);
  return {
    ...rest,
    runs: new Map([...runs].map(([id, each]) => [id, counts(each.observedAt) ? each : asUnseen(each, now)])),
    ...(counts(cursor) && { cursor }),
    ...(counts(awaitedUpTo) && { awaitedUpTo }),
    ...(heartbeat && counts(heartbeat.finishedAt) && { heartbeat }),
    ...(counts(completeAt) && { completeAt }),
    ...(budgets && {
      budgets: counts(budgets.lookedAt ?? now) ? budgets : { said: budgets.said, looks: {} },
    }),
  };
}

/**
 * Without runs whose start can't be, which an earlier version took in: nothing is judged of them, and what they spent, spread
 * from such a start on, is never done with being recorded. Returns how many they are, too.
 */
export function withoutImpossible(
  runs: Live["runs"],
  now: Date,
): { readonly possible: Map<string, LiveRun>; readonly impossible: number } {
  const possible = new Map([...runs].filter(([, { run }]) => isPossible(run.startedAt, now)));
  return { possible, impossible: runs.size - possible.size };
}

/**
 * The live index as far as it can be believed now. Throws `ClockError` where our clock was set since an answer showed Apify's
 * time.
 */
export const readLive = async ({
  apify,
  state,
}: {
  readonly apify: ApifyTime;
  readonly state: Pick<StateReads, "readLive">;
}): Promise<Live> => withoutAhead(await state.readLive(), apify.now());
