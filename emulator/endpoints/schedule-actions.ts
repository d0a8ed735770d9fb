import { findActor, findTask } from "../account/find.ts";
import type { Directory } from "../account/parts.ts";
import type { Actor } from "../runs/actor.ts";
import type { Action, Schedule } from "../schedules/schedule.ts";
import type { Ask } from "./ask.ts";
import { Refused } from "./reply.ts";
import { A_MINUTE } from "./start-run.ts";

/** Apify docs: "each schedule can be associated with a maximum of 10 Actors and 10 Actor tasks". */
const MOST_OF_A_KIND = 10;

/** The actions of a schedule as a caller gives them; undefined where none are given. An action that it had keeps its id. */
export function wantedActions(
  ask: Pick<Ask, "user" | "nowMs">,
  given: unknown,
  { actions: before }: Schedule,
  known: Directory,
): readonly Action[] | undefined {
  if (given === undefined || given === null) return undefined;
  if (!Array.isArray(given)) throw invalid("actions must be an array");
  for (const type of ["RUN_ACTOR", "RUN_ACTOR_TASK"]) {
    const count = given.filter((each) => each?.type === type).length;
    if (count > MOST_OF_A_KIND) throw invalid(`at most ${MOST_OF_A_KIND} actions of type ${type}`);
  }
  return given.map((each: Readonly<Record<string, unknown>> | null, index): Action => {
    const { id: _id, type, actorId, actorTaskId, ...told } = each ?? {};
    const task = type === "RUN_ACTOR_TASK" ? wantedTask(ask, actorTaskId, known) : undefined;
    if (type !== "RUN_ACTOR" && !task) throw invalid("an action is of type RUN_ACTOR or RUN_ACTOR_TASK");
    const actor = task ? task.actor : wantedActor(ask, actorId, known);
    const same = before.find((old) => old.actor === actor && old.task === task);
    const script = same?.script ?? { ...(actor.script ?? A_MINUTE), actor: actor.name };
    // As the index of a list that is made again: ids of actions are unique within their schedule.
    const id = same?.id ?? `${actor.id.slice(0, 14)}${String(index).padStart(3, "0")}`;
    return { id, actor, task, told, script: { ...script, ...(task && { task: task.name }) } };
  });
}

const invalid = (what: string) => new Refused(400, "invalid-input", `Invalid input: ${what}`);

// The reference has these types of errors, and says not with which status they come.
function wantedActor({ user, nowMs }: Pick<Ask, "user" | "nowMs">, id: unknown, known: Directory): Actor {
  const actor = typeof id === "string" ? findActor(known, id, user, nowMs) : undefined;
  if (actor) return actor;
  throw new Refused(400, "schedule-actor-not-found", `Actor "${String(id)}" was not found`);
}

function wantedTask({ nowMs }: Pick<Ask, "nowMs">, id: unknown, known: Directory) {
  const task = typeof id === "string" ? findTask(known, id, nowMs) : undefined;
  if (task) return task;
  throw new Refused(400, "schedule-actor-task-not-found", `Actor task "${String(id)}" was not found`);
}
