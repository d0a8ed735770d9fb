import type { Run } from "../../policy/index.ts";
import { ApifyError } from "../../watchdog/errors.ts";
import type { Listing, ListPlace, RunFilter, RunsPage } from "../../watchdog/ports.ts";
import type { Connection } from "./connection.ts";
import { decodePage } from "./decode-run.ts";
import { malformed } from "./failure.ts";
import { read } from "./read.ts";
import type { ApifyRequest } from "./request.ts";

/** The most that Apify answers at once today. "The maximum could change; never rely on it." (API reference) */
const LIMIT = 1_000;

/** Where the next page begins: `offset` items after the first run that started at or after `after`. */
type Place = ListPlace;

const firstPlace = ({ startedAfter }: RunFilter): Place => ({
  ...(startedAfter && { after: startedAfter }),
  offset: 0,
});

/** One page of the same listing, with where it goes on. A page that brings nothing new is an error, not an end. */
export async function runsPage(
  connection: Connection,
  filter: RunFilter,
  place: ListPlace = firstPlace(filter),
  signal: AbortSignal,
): Promise<RunsPage> {
  const { value: page, observedAt } = await read(connection, requestFor(filter, place), decodePage, signal);
  const isLast = page.count < page.limit;
  return {
    runs: page.runs,
    observedAt,
    malformed: page.count - page.runs.length,
    ...(!isLast && { next: nextPlace(place, page.runs.at(-1)?.startedAt, page.count) }),
  };
}

/**
 * Lists by time and not by offset: runs leave a list of live ones between two pages, and an offset would then skip
 * as many that are still there. Oldest first; each page begins with the start that the page before ended with.
 *
 *     page 1   a b c d          limit 4, full: goes on at d's startedAt, inclusive
 *     page 2         d e f g    d again, dropped by its id
 *     page 3               g h  short: the end
 */
export async function listRuns(
  connection: Connection,
  filter: RunFilter,
  signal: AbortSignal,
): Promise<Listing> {
  const runs = new Map<string, Run>();
  let malformedItems = 0;
  let place = firstPlace(filter);
  let observedAt: Date | undefined;
  const listing = (at: Date, complete: boolean): Listing => ({
    runs: [...runs.values()],
    observedAt: at,
    complete,
    malformed: malformedItems,
  });

  for (;;) {
    if (observedAt && signal.aborted) return listing(observedAt, false);
    const request = requestFor(filter, place);
    const found = await read(connection, request, decodePage, signal).catch((error: unknown) => {
      if (observedAt && signal.aborted && error instanceof ApifyError && error.type === "no-answer")
        return undefined;
      throw error;
    });
    if (found === undefined) continue;
    const { value: page, token } = found;
    observedAt ??= found.observedAt;
    const before = runs.size;
    // Of a run listed twice the later look counts; it keeps its place.
    for (const run of page.runs) runs.set(run.id, run);
    malformedItems += page.count - page.runs.length;
    if (page.count < page.limit) return listing(observedAt, true);
    if (place.offset > 0 && runs.size === before && page.runs.length > 0) {
      const what = "the same full page of runs again and again";
      throw connection.error(malformed(200, what), request, 1, token);
    }
    place = nextPlace(place, page.runs.at(-1)?.startedAt, page.count);
  }
}

/** A full page of a single `startedAt` can't be left by time. It is left by offset. */
function nextPlace({ after, offset }: Place, last: Date | undefined, count: number): Place {
  const moves = last !== undefined && (after === undefined || last > after);
  return moves ? { after: last, offset: 0 } : { ...(after && { after }), offset: offset + count };
}

function requestFor({ statuses = [], startedBefore }: RunFilter, { after, offset }: Place): ApifyRequest {
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
