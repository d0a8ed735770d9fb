import pLimit from "p-limit";
import { isEnded } from "../../policy/index.ts";
import { ApifyError } from "../model/errors.ts";
import { FIGURES_REST_MS, type LiveRun } from "../model/live.ts";
import type { Clock, LedgerStore, Log, RunItem, RunsOnApify, RunsPage } from "../model/ports.ts";
import { remember, type Seen } from "../observe/remember.ts";
import { rebase, recordedOf } from "../observe/spending.ts";
import { hasUncounted } from "./counting.ts";
import { nextWrite } from "./record.ts";

/** What filling takes: runs are read, and recorded. */
export type BackfillPorts = {
  readonly apify: RunsOnApify;
  readonly state: LedgerStore;
  readonly clock: Clock;
  readonly log: Log;
};

/** A run of the list as it would be remembered, ended for good. */
export function asLive(run: RunsPage["runs"][number], observedAt: Date): LiveRun {
  const live = remember(undefined, { run, observedAt, source: "list" });
  const { usageTotalMicroUsd } = run;
  const figure = usageTotalMicroUsd === undefined ? {} : { usageMicroUsd: usageTotalMicroUsd };
  return { ...live, resting: { at: observedAt, ...figure, final: true } };
}

/** What is recorded of it already counts: a run's cost goes into the cells once, and then what it differs by. */
function withItem(live: LiveRun, item: RunItem | undefined): LiveRun | undefined {
  if (item === undefined || item.version === 0) return live;
  const isSame = item.spent?.microUsd === live.spent?.microUsd;
  // One that was settled may have been resurrected, and have ended again, while nobody looked.
  const isKnown = item.settledAt !== undefined && (isSame || live.spent === undefined);
  const recorded = recordedOf(item);
  const isCounted = !hasUncounted({ ...live, recorded });
  if ((isKnown && isCounted) || item.recordedAt > live.observedAt) return undefined;
  const life = { ...live.life, number: item.life };
  return { ...rebase({ ...live, life }, item, undefined, live.observedAt), recorded };
}

/** Records runs that have ended, each once. Returns how many were new. */
export async function recordEnded({ state }: BackfillPorts, runs: readonly LiveRun[]): Promise<number> {
  const recorded = new Set<string>();
  for (let open = runs; open.length > 0; ) {
    const items = await state.readRuns(open.map(({ run }) => run.id));
    const due = open.flatMap((each) => withItem(each, items.get(each.run.id)) ?? []);
    const next = due.map(nextWrite);
    const stale = new Set((await state.writeLedger(next.map(({ write }) => write))).stale);
    for (const { run } of due) if (!stale.has(run.id)) recorded.add(run.id);
    // Looked at again: what takes several steps, and what somebody else recorded meanwhile.
    open = due.filter(({ run }, i) => stale.has(run.id) || next[i]?.written.unrecorded !== undefined);
  }
  return recorded.size;
}

/** Details under way at once: of what ended long ago, nothing is in a hurry. */
const CONCURRENCY = 5;

/** It is read once, so that it has to rest by then: about ten seconds after the end, and as many again to be sure. */
const SURELY_RESTS_MS = 2 * FIGURES_REST_MS;

const isSeenLive = (item: RunItem | undefined): boolean =>
  item !== undefined && item.version > 0 && !isEnded(item.run.status);

/** Is its figure not what it comes to yet? */
const isMoving = ({ run: { finishedAt }, observedAt }: Pick<Seen, "run" | "observedAt">): boolean =>
  finishedAt !== undefined && observedAt.getTime() - finishedAt.getTime() < SURELY_RESTS_MS;

/**
 * Records runs by their details, for what the list leaves out and for figures that may have moved since. What is settled is
 * passed over, so that a crowd of them that takes several ticks is come through. One that may not be read, or is gone, is
 * recorded as the list had it, if it is from there; one that could not be read now is left for later, and so is one that has
 * ended only just, or that lives again and that no tick has seen so.
 */
export async function recordByDetail(
  ports: BackfillPorts,
  ids: readonly string[],
  signal: AbortSignal,
  listed: ReadonlyMap<string, LiveRun> = new Map(),
): Promise<{ readonly runs: number; readonly later: readonly string[]; readonly moving: readonly string[] }> {
  const items = await ports.state.readRuns(ids);
  const limit = pLimit(CONCURRENCY);
  const later: string[] = [];
  const moving: string[] = [];
  let runs = 0;
  const one = async (id: string): Promise<void> => {
    if (signal.aborted) return void later.push(id);
    try {
      const reading = await ports.apify.readRun(id, signal);
      const read = reading.kind === "found" ? reading : undefined;
      if (read && !isEnded(read.run.status)) return void (isSeenLive(items.get(id)) || later.push(id));
      if (read && isMoving(read)) return void moving.push(id);
      const live = read ? asLive(read.run, read.observedAt) : listed.get(id);
      if (live) runs += await recordEnded(ports, [live]);
    } catch (error) {
      if (!(error instanceof ApifyError) || error.isOfToken) throw error;
      const live = error.isNotPermitted || error.status === 404 ? listed.get(id) : undefined;
      if (live) runs += await recordEnded(ports, [live]);
      else if (!error.isNotPermitted) later.push(id);
    }
  };
  const settled = ids.filter((id) => items.get(id)?.settledAt !== undefined);
  // What they cost is known, but perhaps not that they started and failed.
  runs += await recordEnded(
    ports,
    settled.flatMap((id) => listed.get(id) ?? []),
  );
  const open = ids.filter((id) => !settled.includes(id));
  await Promise.all(open.map((id) => limit(() => one(id))));
  return { runs, later, moving };
}
