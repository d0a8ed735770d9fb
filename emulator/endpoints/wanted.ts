import type { Directory, Runs, Users } from "../account/parts.ts";
import type { Run } from "../runs/run.ts";
import { statusAt } from "../runs/timeline.ts";
import type { Actor, Task } from "../world/actor.ts";
import type { Ask } from "./ask.ts";
import { Refused } from "./reply.ts";

/** Whether the caller is the user whose runs these are. The second user sees none of them. */
export function isOwner({ user }: Pick<Ask, "user">, { owner }: Pick<Users, "owner">): boolean {
  return user === owner;
}

type Named = Pick<Ask, "user" | "path">;

/** The Actor in the path: by id, `owner~name`, or `~name` for one's own. */
export function wantedActor({ user, path }: Named, { owner, stranger, actors }: Directory): Actor {
  const wanted = path.actor ?? "";
  const name = (wanted.startsWith("~") ? owner.username + wanted : wanted).replace("~", "/");
  const actor = actors.find((candidate) => candidate.id === wanted || candidate.name === name);
  if (actor && user !== stranger) return actor;
  throw new Refused(404, "record-or-token-not-found", "Actor was not found");
}

/** The task in the path: by id, `owner~name`, or `~name`. */
export function wantedTask(ask: Named, directory: Directory): Task {
  const { owner, tasks } = directory;
  const wanted = ask.path.task ?? "";
  const name = wanted.replace(`${owner.username}~`, "").replace("~", "");
  const task = tasks.find((candidate) => candidate.id === wanted || candidate.name === name);
  if (task && isOwner(ask, directory)) return task;
  throw new Refused(404, "record-not-found", "Actor task was not found");
}

/**
 * The run in the path, or the last one of its Actor or task. Undocumented and decided here: a run under another Actor's
 * path is not found.
 */
export function wantedRun(ask: Ask, known: Directory & Runs): Run {
  const run = ask.path.run === undefined ? lastRun(ask, known) : known.runs.get(ask.path.run);
  const isOfActor = ask.path.actor === undefined || run?.actor === wantedActor(ask, known);
  if (run && isOfActor && isVisible(ask, known, run)) return run;
  throw new Refused(404, "record-not-found", "Actor run was not found");
}

/** Whether the run has started, as of what the caller is shown, still exists, and is the caller's to see. */
function isVisible(ask: Pick<Ask, "user" | "asOfMs">, users: Users, run: Run): boolean {
  if (run.startedAtMs > ask.asOfMs || run.deletedAtMs !== undefined) return false;
  return isOwner(ask, users) || (ask.user === undefined && run.character.generalAccess !== "RESTRICTED");
}

function lastRun(ask: Ask, known: Directory & Runs): Run | undefined {
  const [status, origin] = [ask.query.get("status"), ask.query.get("origin")];
  const belongs = family(ask, known);
  return known.runs
    .all()
    .findLast(
      (run) =>
        belongs(run) &&
        isVisible(ask, known, run) &&
        (status === null || statusAt(run, ask.asOfMs) === status) &&
        (origin === null || run.character.origin === origin),
    );
}

/** Which runs the path is about: an Actor's, a task's, or all. */
export function family(ask: Named, directory: Directory): (run: Run) => boolean {
  if (ask.path.actor !== undefined) {
    const actor = wantedActor(ask, directory);
    return (run) => run.actor === actor;
  }
  if (ask.path.task === undefined) return () => true;
  const task = wantedTask(ask, directory);
  return (run) => run.task === task;
}
