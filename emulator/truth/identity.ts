import type { Run } from "../runs/run.ts";
import type { RunOrigin } from "../world/script.ts";

/** What about a run never changes: which it is, and whose. */
export type TrueIdentity = {
  readonly id: string;
  /** Of a run whose script gave it one. */
  readonly label?: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly taskId?: string;
  readonly taskName?: string;
  readonly origin: RunOrigin;
};

/** The identity of a run. */
export function identity(run: Run): TrueIdentity {
  return {
    id: run.id,
    ...(run.label === undefined ? {} : { label: run.label }),
    actorId: run.actor.id,
    actorName: run.actor.name,
    ...(run.task ? { taskId: run.task.id, taskName: run.task.name } : {}),
    origin: run.character.origin,
  };
}
