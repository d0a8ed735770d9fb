import type { Connection } from "./http/connection.ts";
import { GIVEN_UP, noAnswer } from "./http/failure.ts";
import { path } from "./http/request.ts";

/**
 * `PUT /v2/actor-runs/{runId}`: the one property that it changes. Terminal, so that nothing that the run says on its way out
 * takes its place. The reference calls `runId` in the body required.
 */
export async function setStatusMessage(
  connection: Connection,
  runId: string,
  statusMessage: string,
  signal: AbortSignal,
): Promise<void> {
  const request = {
    method: "PUT",
    path: path`/v2/actor-runs/${runId}`,
    body: JSON.stringify({ runId, statusMessage, isStatusMessageTerminal: true }),
    wanted: "a run",
  } as const;
  const token = connection.tokenInHand ?? (await connection.token(request, signal));
  const result = await connection.send(request, () => true, token, signal);
  if (result?.kind === "found") return;
  const [failure, attempt] = result === undefined ? [noAnswer(GIVEN_UP), 0] : [result.failure, 1];
  throw connection.error(failure, request, attempt, token);
}
