import type { Shown } from "../endpoints/reply.ts";
import type { Effect } from "../runs/interference.ts";
import type { RequestKind } from "../world/request.ts";
import type { RunStatus } from "../world/script.ts";

/** A request and what came of it. */
export type Call = {
  readonly atMs: number;
  readonly kind: RequestKind;
  readonly runId?: string;
  readonly scheduleId?: string;
  /** Of an abort: whether it was to be graceful. */
  readonly gracefully?: boolean;
  /** The HTTP status that the caller got; "reset" when the connection died. */
  readonly status: number | "reset";
  readonly effect: Effect;
  /** A fault came before the endpoint: to the platform there was no such request. */
  readonly neverArrived?: true;
  /** The run's status just before, for calls that name the run by its id. */
  readonly statusBefore?: RunStatus;
  /** What the answer told of runs; absent when the caller learned nothing. */
  readonly shown?: Shown;
  /** The instant that a read showed, where a fault had it lag. */
  readonly asOfMs?: number;
  /** Runs that a fault left out of a list which should have told of them. */
  readonly leftOut?: readonly string[];
  /** Whether it came with a token that works. */
  readonly authorised: boolean;
  /** The id of the user whose token it was. */
  readonly userId?: string;
};
