import type { Run } from "../../policy/index.ts";
import { ApifyError } from "../../watchdog/model/errors.ts";
import type { Listing, ListPlace, RunFilter, RunsPage } from "../../watchdog/model/ports.ts";
import type { Connection } from "./connection.ts";
import { decodePage } from "./decode-run.ts";
import { malformed } from "./failure.ts";
import { read } from "./read.ts";
import type { ApifyRequest } from "./request.ts";

/** The most that Apify answers at once today. "The maximum could change; never rely on it." (API reference) */
const LIMIT = 1_000;

const firstPlace = ({ startedAfter }: RunFilter): ListPlace => ({
  ...(startedAfter && { after: startedAfter }),
  offset: 0,
});

/**
 * Lists by time and not by offset: runs leave a list of live ones between two pages, and an offset would then skip
 * as many that are still there. Oldest first; each page begins with the start that the page before ended with.
 *
 *     page 1   a b c d          limit 4, full: goes on at d's startedAt, inclusive
 *     page 2         d e f g    d again: a run can be on two pages
 *     page 3               g h  short: the end
 */
export async function runsPage(
  connection: Connection,
  filter: RunFilter,
  place: ListPlace = firstPlace(filter),
  signal: AbortSignal,
): Promise<RunsPage> {
  const request = requestFor(filter, place);
  const { value: page, observedAt, token } = await read(connection, request, decodePage, signal);
  const isLast = page.count < page.limit;
  const last = page.runs.at(-1);
  // Without this, an API that pays no heed to the offset would be asked for ever.
  if (!isLast && last !== undefined && last.id === place.last) {
    const what = "the same full page of runs again and again";
    throw connection.error(malformed(200, what), request, 1, token);
  }
  return {
    runs: page.runs,
    observedAt,
    malformed: page.count - page.runs.length,
    ...(!isLast && { next: nextPlace(place, last, page.count) }),
  };
}

/** Every page in one listing, each run once. */
export async function listRuns(
  connection: Connection,
  filter: RunFilter,
  signal: AbortSignal,
): Promise<Listing> {
  const runs = new Map<string, Run>();
  let malformedItems = 0;
  let place: ListPlace | undefined;
  let observedAt: Date | undefined;
  const listing = (at: Date, complete: boolean): Listing => ({
    runs: [...runs.values()],
    observedAt: at,
    complete,
    malformed: malformedItems,
  });

  for (;;) {
    if (observedAt && signal.aborted) return listing(observedAt, false);
    const page = await runsPage(connection, filter, place, signal).catch((error: unknown) => {
      if (observedAt && signal.aborted && error instanceof ApifyError && error.type === "no-answer")
        return undefined;
      throw error;
    });
    if (page === undefined) continue;
    observedAt ??= page.observedAt;
    // Of a run listed twice the later look counts; it keeps its place.
    for (const run of page.runs) runs.set(run.id, run);
    malformedItems += page.malformed;
    if (page.next === undefined) return listing(observedAt, true);
    place = page.next;
  }
}

/** A full page of a single `startedAt` can't be left by time. It is left by offset. */
function nextPlace(place: ListPlace, last: Run | undefined, count: number): ListPlace {
  const { after, offset } = place;
  if (last && (after === undefined || last.startedAt > after)) return { after: last.startedAt, offset: 0 };
  return { ...place, offset: offset + count, ...(last && { last: last.id }) };
}

function requestFor({ statuses = [], startedBefore }: RunFilter, { after, offset }: ListPlace): ApifyRequest {
  return {
    method: "GET",
    path: "/v2/actor-runs",
    query: {
      status: statuses.length > 0 ? statuses.join(",") : undefined,
      startedAfter: after?.toISOString(),
      startedBefore: startedBefore?.toISOString(),
      limit: String(LIMIT),
      offset: offset > 0 ? String(offset) : undefined,
    },
    wanted: "a list of runs",
  };
}
