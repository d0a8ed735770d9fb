import {
  type Exemption,
  isActive,
  isEnded,
  isLive,
  LIVE_STATUSES,
  needsDetail,
  type Policy,
} from "../../policy/index.ts";
import { ApifyError } from "../model/errors.ts";
import { type Observed, skip, skipFailed } from "../model/pass.ts";
import type { Listing, RunFilter } from "../model/ports.ts";
import { forEachRun } from "./for-each-run.ts";
import { readDetail } from "./look.ts";
import type { Learning, Looking } from "./looking.ts";
import { resolveNames } from "./names.ts";
import { noteLooks } from "./note-looks.ts";
import { observationOf, remember, type Seen, suspectsNewLife } from "./remember.ts";
import { resolveTypical } from "./typical.ts";
import { readUntoldCosts } from "./untold-costs.ts";
import { judgingMs, READ_PATIENCE_MS, shareMs, withinBudget } from "./within-budget.ts";

/** Runs are found by their start; what started shortly before the cursor may have been listed late. */
export const CURSOR_OVERLAP_MS = 2 * 60_000;

/** A list that keeps leaving out what is there holds the cursor no longer than this: each list would be longer than the last. */
const CURSOR_HELD_MS = 60 * 60_000;

export type Coverage = {
  /** Live runs that Apify listed. */
  readonly listed: number;
  /** Every run of the account that is live was seen. */
  readonly complete: boolean;
  /** Every run started before this was seen; where it was when the listing was cut short. */
  readonly cursor?: Date;
  /** Why the live runs could not be listed, where only those that are known were looked at. */
  readonly error?: ApifyError;
};

type Listed = {
  /** Every look, in the order of their readings: a run may be listed twice, and both looks count. */
  readonly looks: readonly Seen[];
  readonly cover: Coverage;
};

/** Of the time that the tick has left, so much may one of the two lists take. */
const LIST_SHARE = 0.4;

/** One of the two lists; the other is good for something without it. */
async function listPart(
  looking: Looking,
  what: string,
  filter: RunFilter,
): Promise<Listing | { readonly error: ApifyError }> {
  try {
    const listing = await withinBudget(looking, shareMs(looking, LIST_SHARE), (signal) =>
      looking.ports.apify.listRuns(filter, signal),
    );
    skip(looking, "malformed list item", listing.malformed);
    if (!listing.complete) skip(looking, "listing cut short");
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
async function list(looking: Looking, cursor: Date | undefined): Promise<Listed> {
  const since = cursor && new Date(cursor.getTime() - CURSOR_OVERLAP_MS);
  const started = since && (await listPart(looking, "listing new runs", { startedAfter: since }));
  const live = await listPart(looking, "listing live runs", { statuses: LIVE_STATUSES });
  if ("error" in live) {
    if (started === undefined || "error" in started) throw live.error;
    const reached = reachedBy(started) ?? cursor;
    const cover = { listed: 0, complete: false, error: live.error, ...(reached && { cursor: reached }) };
    return { looks: looksOf(started), cover };
  }
  const isWhole = started === undefined || !("error" in started);
  const reached = isWhole ? reachedBy(started ?? live, started !== undefined) : undefined;
  const next = reached ?? cursor;
  const complete = live.complete && isWhole && started?.complete !== false;
  const looks = [...(started && isWhole ? looksOf(started) : []), ...looksOf(live)];
  return { looks, cover: { listed: live.runs.length, complete, ...(next && { cursor: next }) } };
}

/** Up to where a list of all that started shows everything. The first tick has none, and begins where it began. */
const reachedBy = ({ complete, runs, observedAt }: Listing, isOfStarts = true): Date | undefined =>
  complete || !isOfStarts ? observedAt : runs.at(-1)?.startedAt;

/** What observing takes. */
export type Observing = Looking & Learning;

/** Everything to judge in this tick goes to `observations`; what is known of runs to `live`. */
export async function observe(
  observing: Observing,
  policy: Policy | undefined,
  cursor: Date | undefined,
  exemptions: readonly Exemption[] = [],
): Promise<Coverage> {
  const { live, liveRunIds } = observing;
  const { looks, cover } = await list(observing, cursor);
  const latest = new Map(looks.map((look) => [look.run.id, look]));

  // The list may lag, and a resurrected run looks like an old one: such runs are believed by their detail alone.
  const suspects = new Set(
    looks.filter((look) => suspectsNewLife(live.get(look.run.id), look)).map(({ run }) => run.id),
  );
  const unlisted = [...live.values()].filter(({ run }) => !isEnded(run.status) && !latest.has(run.id));
  const seen = new Set<string>();
  for (const look of looks.filter(({ run }) => !suspects.has(run.id))) {
    live.set(look.run.id, remember(live.get(look.run.id), look, observing.completeAt));
    seen.add(look.run.id);
  }
  // Where no list shows what is live, each run that was is asked for by itself.
  const isAsked = cover.complete || cover.error !== undefined;
  const toRead = [...suspects, ...(isAsked ? unlisted.map(({ run }) => run.id) : [])];
  await withinBudget(observing, judgingMs(observing), (signal) =>
    forEachRun(
      observing,
      toRead,
      "reading a run",
      async (id, within) => {
        if (await readDetail(observing, id, within)) seen.add(id);
      },
      { patienceMs: READ_PATIENCE_MS, signal },
    ),
  );

  for (const id of seen) if (isLive(live.get(id)?.run.status ?? "")) liveRunIds.add(id);
  if (policy)
    await withinBudget(observing, judgingMs(observing), (signal) =>
      judgeable(observing, policy, exemptions, signal),
    );
  else breakRows(observing);
  // A run that nothing is known of yet must be listed again, whatever becomes of it until then.
  const isLost = [...suspects].some((id) => !live.has(id));
  // A list without one run that its detail shows to be live may be without others, which nobody knows to ask for.
  const isFalse = cover.complete && unlisted.some(({ run }) => liveRunIds.has(run.id));
  if (isFalse) skip(observing, "live run missing in the list");
  const { cursor: reached } = cover;
  if (cursor === undefined || reached === undefined) return cover;
  if (isLost) return { ...cover, cursor };
  return isFalse ? { ...cover, cursor: heldAt(cursor, reached) } : cover;
}

const heldAt = (cursor: Date, reached: Date): Date =>
  new Date(Math.max(cursor.getTime(), reached.getTime() - CURSOR_HELD_MS));

/** Without a policy nobody can say what holds, so no row of looks goes on over this tick. */
function breakRows({ live, liveRunIds }: Observed): void {
  for (const id of liveRunIds) {
    const each = live.get(id);
    if (each && isActive(each.run.status)) live.set(id, { ...each, life: { ...each.life, looks: {} } });
  }
}

/**
 * Resolves the names, reads the details and learns what is typical, as far as the policy asks for it, and makes the
 * observations. If time runs short, what comes last suffers: limits on what is typical are silent without it.
 */
async function judgeable(
  observing: Observing,
  policy: Policy,
  exemptions: readonly Exemption[],
  signal: AbortSignal,
): Promise<void> {
  const { live, liveRunIds, observations } = observing;
  const known = [...liveRunIds].flatMap((id) => live.get(id) ?? []);
  const names = await resolveNames(
    observing,
    policy,
    known.map(({ run }) => run),
    signal,
  );
  const lacking = known.filter(
    (each) => each.source === "list" && needsDetail(policy, observationOf(each, names(each.run))),
  );
  await forEachRun(
    observing,
    lacking.map(({ run }) => run.id),
    "reading a run's detail",
    async (id, within) => void (await readDetail(observing, id, within)),
    { patienceMs: READ_PATIENCE_MS, signal },
  );
  await readUntoldCosts(observing, { policy, exemptions, ids: liveRunIds, namesOf: names }, signal);
  const typical = await resolveTypical(
    observing,
    policy,
    known.map(({ run }) => run),
    signal,
  );
  for (const id of liveRunIds) {
    const each = live.get(id);
    if (each === undefined || isEnded(each.run.status)) continue;
    const observation = observationOf(each, { ...names(each.run), ...typical(each.run) });
    observations.set(id, observation);
    noteLooks(observing, policy, observation);
  }
}
