import type { Users } from "../account/parts.ts";
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
  /** Who pays for it, where that is not the world's owner. */
  readonly userId?: string;
};

/** The identity of a run. */
export function identity(run: Run, { owner }: Pick<Users, "owner">): TrueIdentity {
  return {
    id: run.id,
    ...(run.label === undefined ? {} : { label: run.label }),
    actorId: run.actor.id,
    actorName: run.actor.name,
    ...(run.task ? { taskId: run.task.id, taskName: run.task.name } : {}),
    origin: run.character.origin,
    ...(run.user === owner ? {} : { userId: run.user.id }),
  };
}
