import type { Run } from "../../../policy/index.ts";
import { ApifyError } from "../../model/errors.ts";
import type { Clock, ListPlace, RunsOnApify } from "../../model/ports.ts";
import { type KeptList, Listed, type ListedPart } from "./listed.ts";

type Source = { readonly apify: RunsOnApify; readonly clock: Clock };
type Span = { readonly from: Date; readonly until: Date };

export type ReadOptions = {
  /** What earlier calls read, and what this one adds to; absent: nothing is kept. */
  readonly kept?: KeptList;
  /** So many runs are known by now. */
  readonly onRead?: (count: number) => void;
};

/** Apify's limits are shared with the account's scrapers: two pages a second, and twenty runs at most. */
const BETWEEN_PAGES_MS = 500;
export const AT_ONCE = 5;
export const BETWEEN_RUNS_MS = 250;

/** `to` of a page: what began after its last run is the next one's, and what began with it is on both. */
const endOf = (next: ListPlace | undefined, until: Date): Date =>
  next?.after === undefined ? until : new Date(next.after.getTime() - 1);

/**
 * All that began in the span, by Apify's list: what earlier calls kept is not asked for again, except where figures may have
 * moved since. Each page is kept before the next one is asked for, so that the next call goes on from there after any end.
 * Throws `ApifyError` where a page fails, and ends early where the signal aborts.
 */
export async function readListed(
  ports: Source,
  span: Span,
  signal: AbortSignal,
  { kept, onRead = () => undefined }: ReadOptions = {},
): Promise<Listed> {
  const { apify, clock } = ports;
  const listed = new Listed(kept?.read());
  const take = (part: ListedPart): void => {
    listed.add(part);
    kept?.add(part);
  };
  const unfinished = listed.unfinished(span);
  let isFirst = true;
  for (const { from, until } of listed.gaps(span)) {
    let place: ListPlace | undefined;
    do {
      if (!isFirst) await clock.sleep(BETWEEN_PAGES_MS, signal);
      isFirst = false;
      const page = await apify.runsPage({ startedAfter: from, startedBefore: until }, place, signal);
      const { observedAt: at, malformed, runs, next } = page;
      take({ at, from: place?.after ?? from, to: endOf(next, until), malformed, runs });
      onRead(listed.size);
      place = next;
    } while (place !== undefined && !signal.aborted);
  }
  await readRuns(ports, unfinished, signal, take);
  return listed;
}

/** What of a detail is kept: what a back-test looks at. */
const asKept = ({ detail, ...run }: Run): Run => {
  if (detail === undefined) return run;
  const { stats, resurrectCount } = detail;
  return { ...run, detail: { stats, ...(resurrectCount !== undefined && { resurrectCount }) } };
};

/**
 * Reads single runs in full, some at once and without haste; each lot is handed on before the next is asked for. A run that is
 * gone, or may not be read, is left out. Throws `ApifyError` where Apify can't be asked, and ends early where the signal aborts.
 */
export async function readRuns(
  { apify, clock }: Source,
  ids: readonly string[],
  signal: AbortSignal,
  take: (part: ListedPart) => void,
): Promise<void> {
  for (let at = 0; at < ids.length && !signal.aborted; at += AT_ONCE) {
    if (at > 0) await clock.sleep(BETWEEN_RUNS_MS, signal);
    const readings = await Promise.allSettled(
      ids.slice(at, at + AT_ONCE).map((id) => apify.readRun(id, signal)),
    );
    const found = readings.flatMap((each) =>
      each.status === "fulfilled" && each.value.kind === "found" ? [each.value] : [],
    );
    const [first] = found;
    if (first) take({ at: first.observedAt, runs: found.map(({ run }) => asKept(run)) });
    for (const each of readings) if (each.status === "rejected" && !isOfOne(each.reason)) throw each.reason;
  }
}

/** An answer about this one run. */
const isOfOne = (error: unknown): boolean =>
  error instanceof ApifyError && !error.isOfToken && (error.status === 403 || error.status === 404);
