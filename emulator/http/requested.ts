import { findActor, findTask } from "../account/find.ts";
import type { Directory, Runs, Sources } from "../account/parts.ts";
import type { Ask } from "../endpoints/ask.ts";
import type { Actor, Task } from "../runs/actor.ts";
import { actorAt, type Run } from "../runs/run.ts";
import type { Schedule } from "../schedules/schedule.ts";
import type { RequestAbout, RequestKind, RequestMatch } from "../world/request.ts";

/** What a request is for, and about what; what its path names may not exist. */
export type Requested = {
  readonly kind: RequestKind;
  readonly about: RequestAbout;
  readonly token: string | undefined;
  readonly runId: string | undefined;
  readonly run: Run | undefined;
  readonly actor: Actor | undefined;
  readonly task: Task | undefined;
  readonly schedule: Schedule | undefined;
};

/** What the request of a user at an instant is about. */
export function requested(
  { kind, path, token, user }: Pick<Requested, "kind" | "token"> & Pick<Ask, "path" | "user">,
  known: Directory & Runs & Sources,
  nowMs: number,
): Requested {
  const { run: runId, actor, task, schedule } = path;
  const run = runId === undefined ? undefined : known.runs.get(runId);
  return {
    kind,
    about: aboutOf(path),
    token,
    runId,
    run,
    actor: actor === undefined ? run && actorAt(run, nowMs) : findActor(known, actor, user, nowMs),
    task: task === undefined ? run?.task : findTask(known, task, nowMs),
    schedule: known.schedules.find(({ id }) => id === schedule),
  };
}

function aboutOf({ run, actor, task, schedule }: Ask["path"]): RequestAbout {
  if (run !== undefined) return "run";
  if (schedule !== undefined) return "schedule";
  if (actor !== undefined) return "actor";
  return task === undefined ? "account" : "task";
}

/** Whether the request is one of those meant. */
export function fits(match: RequestMatch, request: Requested): boolean {
  const { kind, runId, of, token } = match;
  const { run, actor, task, schedule } = request;
  return (
    (kind === undefined || [kind].flat().includes(request.kind)) &&
    (runId === undefined || runId === request.runId) &&
    (match.run === undefined || match.run === request.runId || (run && match.run === run.label) === true) &&
    (match.actor === undefined || match.actor === actor?.name || match.actor === actor?.id) &&
    (match.task === undefined || match.task === task?.name || match.task === task?.id) &&
    (match.schedule === undefined ||
      match.schedule === schedule?.spec.name ||
      match.schedule === schedule?.id) &&
    (of === undefined || of === request.about) &&
    (token === undefined || token === request.token)
  );
}
