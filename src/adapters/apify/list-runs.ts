import type { Run } from "../../policy/index.ts";
import { ApifyError } from "../../watchdog/model/errors.ts";
import type { Listing, ListPlace, RunFilter, RunsPage } from "../../watchdog/model/ports.ts";
import { decodePage } from "./decode-run.ts";
import type { Connection } from "./http/connection.ts";
import { malformed } from "./http/failure.ts";
import { read } from "./http/read.ts";
import type { ApifyRequest } from "./http/request.ts";

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

/** Every page in one listing, each run once. A later page that fails leaves what the others have brought. */
export async function listRuns(
  connection: Connection,
  filter: RunFilter,
  signal: AbortSignal,
): Promise<Listing> {
  const runs = new Map<string, Run>();
  const take = ({ runs: listed, malformed }: RunsPage): number => {
    // Of a run listed twice the later look counts; it keeps its place.
    for (const run of listed) runs.set(run.id, run);
    return malformed;
  };

  let page = await runsPage(connection, filter, undefined, signal);
  const { observedAt } = page;
  let malformed = take(page);
  const listing = () => ({ runs: [...runs.values()], observedAt, malformed });
  while (page.next !== undefined) {
    const next = await runsPage(connection, filter, page.next, signal).catch(ofThisPage);
    if (next instanceof ApifyError) return { ...listing(), complete: false, error: next };
    malformed += take(next);
    page = next;
  }
  return { ...listing(), complete: true };
}

/**
 * A refused token, a wrong clock or another user's token is no matter of one page: nothing of the listing stands then. A
 * page that may not be read (403) behind one that could be says nothing of the token's rights, which are for all or none.
 */
function ofThisPage(error: unknown): ApifyError {
  if (error instanceof ApifyError && (!error.isOfToken || error.isNotPermitted)) return error;
  throw error;
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
    isRunList: true,
  };
}
