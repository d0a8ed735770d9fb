import { findActor, findTask } from "../account/find.ts";
import type { Directory, Runs } from "../account/parts.ts";
import type { Actor, Task } from "../runs/actor.ts";
import { actorAt, type Run } from "../runs/run.ts";
import { statusAt } from "../runs/timeline.ts";
import type { Ask } from "./ask.ts";
import { notFound, refusedFor } from "./refusals.ts";

type Named = Pick<Ask, "user" | "path" | "nowMs" | "asOfMs">;

/** The Actor in the path: by id, `owner~name`, or `~name` for one's own. */
export function wantedActor({ user, path, nowMs }: Named, known: Directory & Runs): Actor {
  const actor = findActor(known, path.actor ?? "", user, nowMs);
  if (actor && isKnownTo({ user, nowMs }, actor, known)) return actor;
  throw notFound("actor");
}

/**
 * Actors of the world's users are private: known to their makers, and to users who have run them. Without a token all that
 * can be asked for is a run, whose own setting counts.
 */
function isKnownTo(
  { user, nowMs }: Pick<Ask, "user" | "nowMs">,
  actor: Actor,
  { users, runs }: Directory & Runs,
): boolean {
  if (user === undefined || user === actor.maker || !users.includes(actor.maker)) return true;
  return runs.all().some((run) => actorAt(run, nowMs) === actor && run.user === user);
}

/** The task in the path: by id, `owner~name`, or `~name`. */
export function wantedTask({ user, path, nowMs }: Named, known: Directory): Task {
  const task = findTask(known, path.task ?? "", nowMs);
  if (task && user === task.user) return task;
  throw notFound("task");
}

/**
 * The run in the path, or the last one of its Actor or task. Undocumented and decided here: a run under another Actor's
 * path is not found.
 */
export function wantedRun(ask: Ask, known: Directory & Runs): Run {
  const run = ask.path.run === undefined ? lastRun(ask, known) : known.runs.get(ask.path.run);
  const isOfActor =
    ask.path.actor === undefined || (run && actorAt(run, ask.asOfMs)) === wantedActor(ask, known);
  if (run && isOfActor && isVisible(ask, run)) return run;
  throw notFound("run");
}

/** The same to be changed: only who pays for a run may do so, not who made its Actor. */
export function changedRun(ask: Ask, known: Directory & Runs): Run {
  const run = wantedRun(ask, known);
  if (run.user === ask.user) return run;
  throw refusedFor("permissions", "run");
}

/** Whether the run has started, as of what the caller is shown, still exists, and is the caller's to see. */
function isVisible({ user, asOfMs }: Pick<Ask, "user" | "asOfMs">, run: Run): boolean {
  if (run.startedAtMs > asOfMs || run.deletedAtMs !== undefined) return false;
  if (user === undefined) return run.character.generalAccess !== "RESTRICTED";
  return user === run.user || user === run.actor.maker;
}

function lastRun(ask: Ask, known: Directory & Runs): Run | undefined {
  const [status, origin] = [ask.query.get("status"), ask.query.get("origin")];
  const belongs = family(ask, known);
  return known.runs
    .all()
    .findLast(
      (run) =>
        belongs(run) &&
        isVisible(ask, run) &&
        (status === null || statusAt(run, ask.asOfMs) === status) &&
        (origin === null || run.character.origin === origin),
    );
}

/**
 * Which runs a list is about: all runs of the user or of a task, or those of an Actor. In its maker's list stand, as
 * recorded, runs too that others pay for.
 */
export function family({ user, path, nowMs, asOfMs }: Named, known: Directory & Runs): (run: Run) => boolean {
  if (path.actor !== undefined) {
    const actor = wantedActor({ user, path, nowMs, asOfMs }, known);
    return (run) => actorAt(run, asOfMs) === actor && (run.user === user || actor.maker === user);
  }
  if (path.task === undefined) return (run) => run.user === user;
  const task = wantedTask({ user, path, nowMs, asOfMs }, known);
  return (run) => run.task === task && run.user === user;
}
