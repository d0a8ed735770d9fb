import { isEnded, LIVE_STATUSES, type Run } from "../../policy/index.ts";
import { ApifyError, isOfProcess } from "../model/errors.ts";
import { skip, skipFailed } from "../model/pass.ts";
import type { Listing, RunFilter } from "../model/ports.ts";
import type { Looking } from "./looking.ts";
import type { Seen } from "./remember.ts";
import { shareMs, withinBudget } from "./within-budget.ts";

/** Runs are found by their start; what started shortly before the cursor may have been listed late. */
const CURSOR_OVERLAP_MS = 2 * 60_000;

/** Did it start too early to be listed again by this cursor? */
export const isBehind = ({ startedAt }: Run, cursor: Date): boolean =>
  startedAt.getTime() < cursor.getTime() - CURSOR_OVERLAP_MS;

export type Coverage = {
  /** Live runs that Apify listed. */
  readonly listed: number;
  /** Every run of the account that is live was seen. */
  readonly complete: boolean;
  /** Every run started before this was seen; where it was when the listing was cut short. */
  readonly cursor?: Date;
  /** Was there a run among what started that could not be read? */
  readonly isGarbled?: boolean;
  /** Why the live runs could not be listed, where only those that are known were looked at. */
  readonly error?: ApifyError;
};

export type Listed = {
  /** Every look, in the order of their readings: a run may be listed twice, and both looks count. */
  readonly looks: readonly Seen[];
  readonly cover: Coverage;
};

/** Of the time that the tick has left, so much may one of the two lists take. */
const LIST_SHARE = 0.4;

/** A list of which not even the first page could be had. One that a later page cut short has its runs, too. */
type Unlisted = { readonly runs?: never; readonly error: ApifyError };

/** One of the two lists; the other is good for something without it. */
async function listPart(looking: Looking, what: string, filter: RunFilter): Promise<Listing | Unlisted> {
  try {
    const listing = await withinBudget(looking, shareMs(looking, LIST_SHARE), (signal) =>
      looking.ports.apify.listRuns(filter, signal),
    );
    skip(looking, "malformed list item", listing.malformed);
    if (!listing.complete) skip(looking, "listing cut short");
    if (listing.error) skipFailed(looking, `${what} to the end`, listing.error);
    return listing;
  } catch (error) {
    if (!(error instanceof ApifyError) || error.isOfToken) throw error;
    skipFailed(looking, what, error);
    return { error };
  }
}

const looksOf = ({ runs, observedAt }: Listing): readonly Seen[] =>
  runs.map((run) => ({ run, observedAt, source: "list" }));

/** The live runs, and those that may have lived and died since the cursor. Throws where neither could be had. */
export async function listRuns(looking: Looking, cursor: Date | undefined): Promise<Listed> {
  const since = cursor && new Date(cursor.getTime() - CURSOR_OVERLAP_MS);
  const started = since && (await listPart(looking, "listing new runs", { startedAfter: since }));
  const live = await listPart(looking, "listing live runs", { statuses: LIVE_STATUSES });
  if (live.runs === undefined) {
    if (started?.runs === undefined) throw live.error;
    const reached = reachedBy(started) ?? cursor;
    const cover = {
      listed: 0,
      complete: false,
      error: live.error,
      isGarbled: started.malformed > 0,
      ...(reached && { cursor: reached }),
    };
    return { looks: looksOf(started), cover };
  }
  const listed = started?.runs === undefined ? undefined : started;
  const isMissing = started !== undefined && listed === undefined;
  const reached = isMissing ? undefined : reachedBy(listed ?? live, listed !== undefined);
  const next = reached ?? cursor;
  const complete = live.complete && !isMissing && listed?.complete !== false;
  const looks = [...(listed ? looksOf(listed) : []), ...looksOf(live)];
  const isGarbled = (listed?.malformed ?? 0) > 0;
  return { looks, cover: { listed: live.runs.length, complete, isGarbled, ...(next && { cursor: next }) } };
}

/** Up to where a list of all that started shows everything. The first tick has none, and begins where it began. */
const reachedBy = ({ complete, runs, observedAt }: Listing, isOfStarts = true): Date | undefined =>
  complete || !isOfStarts ? observedAt : runs.at(-1)?.startedAt;

/**
 * How a run has ended, by the list of what started when it did: its detail may be refused or broken, and no list of live
 * runs shows it any more. `undefined` where that is no answer for it, or not the run's failure alone.
 */
export async function readEnd(
  { ports }: Pick<Looking, "ports">,
  { id, startedAt }: Run,
  failure: unknown,
  signal: AbortSignal,
): Promise<Seen | undefined> {
  if (!(failure instanceof ApifyError) || failure.isOfToken) return undefined;
  try {
    const filter = { startedAfter: startedAt, startedBefore: startedAt };
    const { runs, observedAt } = await ports.apify.listRuns(filter, signal);
    const run = runs.find((each) => each.id === id && isEnded(each.status));
    return run && { run, observedAt, source: "list" };
  } catch (error) {
    if (isOfProcess(error)) throw error;
    return undefined;
  }
}
