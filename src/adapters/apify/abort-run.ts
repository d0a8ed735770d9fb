import type { AbortAnswer, AbortCall } from "../../watchdog/model/ports.ts";
import type { Connection } from "./http/connection.ts";
import { type Failure, GIVEN_UP, noAnswer } from "./http/failure.ts";
import { textOf, type Unread } from "./http/json.ts";
import { type ApifyRequest, path } from "./http/request.ts";

/** `acts` is deprecated twice over, works as well, and names the Actor too: it knows no run of one that was deleted. */
export type AbortEndpoint = "actor-runs" | "acts";

/** By which endpoint the runs of an account are aborted, and of which Actors `acts` knew none. */
export type AbortBy = { readonly endpoint: AbortEndpoint; readonly unknownActors: Set<string> };

/**
 * Sends the abort call at most once, whatever comes of it. Every error that this throws means that the call had no
 * effect: no token was to be had, the signal had aborted before it was sent, or Apify refused the token (401). A 403 is
 * of this run alone, so it is an answer like any other. What `acts` answers with 404 was turned away unseen: the next call goes
 * by the run's id alone.
 */
export async function abortRun(
  connection: Connection,
  { endpoint: wanted, unknownActors }: AbortBy,
  call: AbortCall,
  signal: AbortSignal,
): Promise<AbortAnswer> {
  const endpoint = unknownActors.has(call.actorId) ? "actor-runs" : wanted;
  const request = requestFor(endpoint, call);
  // No waiting between the reading that the caller judged and the call: the token that it was read with will do.
  const token = connection.tokenInHand ?? (await connection.token(request, signal));
  const result = await connection.send(request, statusOf, token, signal);
  if (result === undefined) throw connection.error(noAnswer(GIVEN_UP), request, 0, token);
  if (result.kind === "found") return { kind: "taken", status: result.value };
  const { failure } = result;
  const { status, type, retryable, reason } = failure;
  if (wasRefused(failure)) {
    if (status === 401) throw connection.error(failure, request, 1, token);
    const isUnknown = status === 404 && endpoint === "acts";
    if (isUnknown) unknownActors.add(call.actorId);
    return { kind: "refused", status, type, retryable: retryable || isUnknown };
  }
  return { kind: "lost", reason };
}

/** Said by Apify's API itself, with a status that rules out an effect. A 5xx may have come after it. */
const wasRefused = ({ status, type }: Failure): boolean =>
  status >= 400 && status < 500 && type !== "malformed-answer";

/** Only the status is used, so only it must be readable. */
const statusOf = (data: Unread): string | undefined => textOf(data.status);

function requestFor(endpoint: AbortEndpoint, { runId, actorId, gracefully }: AbortCall): ApifyRequest {
  return {
    method: "POST",
    path:
      endpoint === "acts"
        ? path`/v2/acts/${actorId}/runs/${runId}/abort`
        : path`/v2/actor-runs/${runId}/abort`,
    query: { gracefully: String(gracefully) },
    wanted: "a run",
  };
}
