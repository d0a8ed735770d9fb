import type { Run } from "../../policy/index.ts";
import type { Reading } from "../../watchdog/model/ports.ts";
import { decodeDetailedRun } from "./decode-run.ts";
import type { Connection } from "./http/connection.ts";
import { ask } from "./http/read.ts";
import { path } from "./http/request.ts";

/** Reads one run in full. An answer about another run is none about this one. */
export async function readRun(connection: Connection, runId: string, signal: AbortSignal): Promise<Reading> {
  const request = { method: "GET", path: path`/v2/actor-runs/${runId}`, wanted: "that run" } as const;
  const decode = (data: unknown, at: Date): Run | undefined => {
    const run = decodeDetailedRun(data, at);
    return run?.id === runId ? run : undefined;
  };
  const answered = await ask(connection, request, decode, signal);
  const { observedAt } = answered;
  if (answered.kind === "forbidden") throw answered.error;
  return answered.kind === "gone"
    ? { kind: "missing", observedAt }
    : { kind: "found", run: answered.value, observedAt, sentMs: answered.sentMs };
}
