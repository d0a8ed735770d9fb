import type { Run } from "../../policy/index.ts";
import type { ActorOrTask, RecentRuns } from "../../watchdog/model/ports.ts";
import { decodePage } from "./decode-run.ts";
import type { Connection } from "./http/connection.ts";
import { ask } from "./http/read.ts";
import { type ApifyRequest, path } from "./http/request.ts";

/** Enough for a median; one page, whatever there is behind it. */
const LIMIT = 100;

/** The newest runs of an Actor or a task in one of the statuses, in one page. */
export async function readRecentRuns(
  connection: Connection,
  { kind, id }: { readonly kind: ActorOrTask; readonly id: string },
  statuses: readonly string[],
  signal: AbortSignal,
): Promise<RecentRuns> {
  const request: ApifyRequest = {
    method: "GET",
    path: kind === "actor" ? path`/v2/actors/${id}/runs` : path`/v2/actor-tasks/${id}/runs`,
    query: { status: statuses.join(","), desc: "1", limit: String(LIMIT) },
    wanted: "a list of runs",
  };
  const answered = await ask(connection, request, decodePage, signal);
  const { observedAt } = answered;
  if (answered.kind !== "found") return { runs: [], observedAt, malformed: 0, unreadable: answered.kind };
  const { runs, count } = answered.value;
  // An answer about other runs is none about these.
  const isAsked = (run: Run): boolean =>
    statuses.includes(run.status) && (kind === "actor" ? run.actorId : run.actorTaskId) === id;
  return { runs: runs.filter(isAsked), observedAt, malformed: count - runs.length };
}
