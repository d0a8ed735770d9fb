import { namesNeeded, type Policy, type Run } from "../../policy/index.ts";
import type { ActorOrTask } from "../model/apify-port.ts";
import type { Known } from "../model/pass.ts";
import type { Name } from "../model/ports.ts";
import type { Learning } from "./looking.ts";
import { type Lookup, lookUp, unique } from "./lookup.ts";

const lookupOf = ({ ports: { memory, state, apify, clock } }: Learning): Lookup<Name> => ({
  what: "reading the name of",
  memory: memory.names,
  read: (kind, ids) => state.readNames(kind, ids),
  write: (kind, names) => state.writeNames(kind, names),
  async ask(kind, id, signal) {
    const named = await (kind === "actor" ? apify.actor(id, signal) : apify.task(id, signal));
    return {
      ...(named.kind === "found" && named.name !== undefined && { name: named.name }),
      readAt: clock.now(),
    };
  },
  isKnown: ({ name }) => name !== undefined,
});

/** What names, and what is typical, hang on. */
export type OfActor = Pick<Run, "actorId" | "actorTaskId" | "userId">;

/** The names that the policy's selectors ask for; nothing is asked for where ids do. */
export async function resolveNames(
  learning: Learning,
  policy: Policy,
  runs: readonly OfActor[],
  signal: AbortSignal,
): Promise<(run: OfActor) => Pick<Known, "actorName" | "taskName">> {
  const needed = namesNeeded(policy.rules.map((rule) => rule.for));
  const lookup = lookupOf(learning);
  const find = (kind: ActorOrTask, ids: readonly (string | undefined)[]) =>
    lookUp(learning, lookup, kind, unique(ids), signal);
  const actors = await find("actor", needed.actors ? runs.map((run) => run.actorId) : []);
  const tasks = await find("task", needed.tasks ? runs.map((run) => run.actorTaskId) : []);
  return (run) => namesOf(actors.get(run.actorId), tasks.get(run.actorTaskId ?? ""));
}

/** The names as observations carry them: what could not be resolved is absent. */
export const namesOf = (actor: Name | undefined, task: Name | undefined) => ({
  ...(actor?.name && { actorName: actor.name }),
  ...(task?.name && { taskName: task.name }),
});
