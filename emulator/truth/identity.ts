import type { Users } from "../account/parts.ts";
import type { Run } from "../runs/run.ts";
import type { RunOrigin } from "../world/script.ts";

/**
 * What about a run does not change: which it is, as which Actor it was started, and who pays. Names are those that the
 * world declares.
 */
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

/** The identity of a run, or of what it was as another Actor. */
export function identity(run: Run, { owner }: Pick<Users, "owner">, actor = run.actor): TrueIdentity {
  return {
    id: run.id,
    ...(run.label === undefined ? {} : { label: run.label }),
    actorId: actor.id,
    actorName: actor.name,
    ...(run.task ? { taskId: run.task.id, taskName: run.task.name } : {}),
    origin: run.character.origin,
    ...(run.user === owner ? {} : { userId: run.user.id }),
  };
}
