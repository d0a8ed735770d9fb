import type { Run } from "../../policy/index.ts";
import type { ActorOrTask, Listing } from "../../watchdog/model/ports.ts";
import type { Connection } from "./connection.ts";
import { decodePage } from "./decode-run.ts";
import { ifAllowed, readIfAny } from "./read.ts";
import { type ApifyRequest, path } from "./request.ts";

/** Enough for a median; one page, whatever there is behind it. */
const LIMIT = 100;

/** The last runs of an Actor or a task that ended well, in one page; none where there is none to be read. */
export async function readRecentSuccesses(
  connection: Connection,
  { kind, id }: { readonly kind: ActorOrTask; readonly id: string },
  signal: AbortSignal,
): Promise<Pick<Listing, "runs" | "observedAt">> {
  const request: ApifyRequest = {
    method: "GET",
    path: kind === "actor" ? path`/v2/actors/${id}/runs` : path`/v2/actor-tasks/${id}/runs`,
    query: { status: "SUCCEEDED", desc: "1", limit: String(LIMIT) },
    wanted: "a list of runs",
  };
  const askedAt = connection.options.clock.now();
  const found = await ifAllowed(() => readIfAny(connection, request, decodePage, signal));
  // An answer about other runs is none about these.
  const isAsked = (run: Run): boolean =>
    run.status === "SUCCEEDED" && (kind === "actor" ? run.actorId : run.actorTaskId) === id;
  return { runs: (found?.value?.runs ?? []).filter(isAsked), observedAt: found?.observedAt ?? askedAt };
}
