import type { Run } from "../../policy/index.ts";
import type { ResurrectOptions } from "../../watchdog/model/ports.ts";
import { decodeDetailedRun } from "./decode-run.ts";
import type { Connection } from "./http/connection.ts";
import { GIVEN_UP, noAnswer } from "./http/failure.ts";
import { path } from "./http/request.ts";

/**
 * Sends the call once. An error with status 0, with a 5xx or of type `malformed-answer` leaves open whether the run
 * lives again (unless `attempt` is 0): read the run. Any other says that it does not.
 */
export async function resurrectRun(
  connection: Connection,
  runId: string,
  { timeoutSecs, maxTotalChargeUsd }: ResurrectOptions,
  signal: AbortSignal,
): Promise<Run> {
  const request = {
    method: "POST",
    path: path`/v2/actor-runs/${runId}/resurrect`,
    query: { timeout: timeoutSecs?.toString(), maxTotalChargeUsd: maxTotalChargeUsd?.toString() },
    wanted: "a run",
  } as const;
  const token = await connection.token(request, signal);
  const result = await connection.send(request, decodeDetailedRun, token, signal);
  if (result?.kind === "found") return result.value;
  const [failure, attempt] = result === undefined ? [noAnswer(GIVEN_UP), 0] : [result.failure, 1];
  throw connection.error(failure, request, attempt, token);
}
