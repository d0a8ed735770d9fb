import type { Random } from "../ground/random.ts";
import type { Actor, ActorSpec, Task } from "../world/actor.ts";
import type { World } from "../world/world.ts";
import type { Directory } from "./parts.ts";

/** The world's users, Actors and tasks, with the ids that its seed gives them. */
export function identified(world: World, random: Random): Directory {
  const owner = { id: random.id(), username: world.username ?? "acme" };
  const stranger = { id: random.id(), username: "someone-else" };
  const actors = world.actors.map((spec) => identifiedActor(spec, random));
  const tasks = (world.tasks ?? []).map((spec): Task => {
    const actor = actors.find((candidate) => candidate.name === spec.actor);
    if (!actor) throw new Error(unknownName(world.name, `task ${spec.name}`, "Actor", spec.actor));
    return { ...spec, id: random.id(), actorId: actor.id };
  });
  return { owner, stranger, actors, tasks };
}

function identifiedActor(spec: ActorSpec, random: Random): Actor {
  const [owner, shortName] = spec.name.split("/");
  if (!owner || !shortName) throw new Error(`An Actor is named owner/name: got "${spec.name}".`);
  return { ...spec, id: random.id(), owner, shortName, buildId: random.id() };
}

/** What to say of a name that the world does not have. */
export function unknownName(where: string, who: string, kind: string, name: string): string {
  return `In ${where}, ${who} names the ${kind} "${name}", which is not among the world's. Add it there.`;
}
