import { type Exemption, isActive, isEnded, isLive, needsDetail, type Policy } from "../../policy/index.ts";
import { ApifyError } from "../model/errors.ts";
import { type Observed, skip } from "../model/pass.ts";
import { forEachRun } from "./for-each-run.ts";
import { type Coverage, listRuns, readEnd } from "./list.ts";
import { noteGone, readDetail, recallEnded } from "./look.ts";
import type { Learning, Looking } from "./looking.ts";
import { resolveNames } from "./names.ts";
import { noteLooks } from "./note-looks.ts";
import { observationOf, remember, suspectsNewLife, unread } from "./remember.ts";
import { dueAgain } from "./settle.ts";
import { resolveTypical } from "./typical.ts";
import { readUntoldCosts } from "./untold-costs.ts";
import { judgingMs, READ_PATIENCE_MS, withinBudget } from "./within-budget.ts";
import { readZeroCosts } from "./zero-costs.ts";

/**
 * A list that keeps leaving out what is there, or in which a run can't be read, holds the cursor no longer than this: each
 * list would be longer than the last.
 */
const CURSOR_HELD_MS = 60 * 60_000;

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
  const { looks, cover } = await listRuns(observing, cursor);
  const latest = new Map(looks.map((look) => [look.run.id, look]));

  // The list may lag, and a resurrected run looks like an old one: such runs are believed by their detail alone.
  const suspects = new Set(
    looks.filter((look) => suspectsNewLife(live.get(look.run.id), look)).map(({ run }) => run.id),
  );
  await recallEnded(observing, suspects);
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
        try {
          if (await readDetail(observing, id, within, latest.has(id))) seen.add(id);
        } catch (error) {
          const known = cover.complete && !latest.has(id) ? live.get(id) : undefined;
          const ended = known && (await readEnd(observing, known.run, error, within));
          if (ended) live.set(id, remember(known, ended, observing.completeAt));
          // That it may not be read, of a run that no list shows any more, is all that is ever told of its end.
          else if (known && error instanceof ApifyError && error.isNotPermitted)
            noteGone(observing, known, observing.ports.clock.now());
          throw error;
        }
      },
      { patienceMs: READ_PATIENCE_MS, signal },
    ),
  );

  for (const id of suspects) {
    const look = latest.get(id);
    const known = live.get(id);
    if (look && !seen.has(id)) live.set(id, known && !known.unread ? dueAgain(known, look) : unread(look));
  }
  for (const id of seen) if (isLive(live.get(id)?.run.status ?? "")) liveRunIds.add(id);
  if (policy)
    await withinBudget(observing, judgingMs(observing), (signal) =>
      judgeable(observing, policy, exemptions, signal),
    );
  else breakRows(observing);
  // A list without one run that its detail shows to be live may be without others, which nobody knows to ask for.
  const isFalse = cover.complete && unlisted.some(({ run }) => liveRunIds.has(run.id));
  if (isFalse) skip(observing, "live run missing in the list");
  const { cursor: reached } = cover;
  if (cursor === undefined || reached === undefined) return cover;
  return isFalse || cover.isGarbled ? { ...cover, cursor: heldAt(cursor, reached) } : cover;
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
    (each) =>
      each.source === "list" &&
      (each.life.doubtedAt !== undefined || needsDetail(policy, observationOf(each, names(each.run)))),
  );
  await forEachRun(
    observing,
    lacking.map(({ run }) => run.id),
    "reading a run's detail",
    async (id, within) => void (await readDetail(observing, id, within)),
    { patienceMs: READ_PATIENCE_MS, signal },
  );
  const costs = { policy, exemptions, ids: liveRunIds, namesOf: names };
  await readUntoldCosts(observing, costs, signal);
  await readZeroCosts(observing, costs, signal);
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
