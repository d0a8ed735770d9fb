import type { Run } from "../../policy/index.ts";
import type { Reading } from "../../watchdog/model/ports.ts";
import type { Connection } from "./connection.ts";
import { decodeDetailedRun } from "./decode-run.ts";
import { readIfAny } from "./read.ts";
import { path } from "./request.ts";

/** Reads one run in full. An answer about another run is none about this one. */
export async function readRun(connection: Connection, runId: string, signal: AbortSignal): Promise<Reading> {
  const request = { method: "GET", path: path`/v2/actor-runs/${runId}`, wanted: "that run" } as const;
  const decode = (data: unknown): Run | undefined => {
    const run = decodeDetailedRun(data);
    return run?.id === runId ? run : undefined;
  };
  const found = await readIfAny(connection, request, decode, signal);
  const { observedAt } = found;
  return found.value === undefined
    ? { kind: "missing", observedAt }
    : { kind: "found", run: found.value, observedAt };
}
