import type { Random } from "../ground/random.ts";
import type { Actor, Task, User } from "../runs/actor.ts";
import type { ActorSpec } from "../world/actor.ts";
import type { WorldChange } from "../world/changes.ts";
import type { World } from "../world/world.ts";
import { type Names, namesOf } from "./names.ts";
import type { Directory } from "./parts.ts";

/** Whose Actors are that belong to none of the world's users: Apify has thousands of such makers. */
const SOMEBODY_ID = "ZscMwFR5H7eCtWtyh";

/** The world's users, Actors and tasks, with the ids that its seed gives them; those included that are yet to come. */
export function directoryOf(world: World, random: Random, startedAtMs: number): Directory {
  const { username = "acme", changes = [] } = world;
  const names = namesOf(changes, startedAtMs, username);
  const user = (name: string): User => ({ id: random.id(), username: names.nameOf("user", name, name) });
  const [owner, stranger] = [user(username), user("someone-else")];
  const users = [owner, stranger, ...(world.users ?? []).map(user)];
  const actors = world.actors.map((spec) => actorOf(spec, users, names, random));
  const tasks = (world.tasks ?? []).map(({ name, actor: actorName }): Task => {
    const actor = actors.find((candidate) => candidate.name === actorName);
    if (!actor) throw new Error(unknownName(world.name, `task ${name}`, "Actor", actorName));
    const id = random.id();
    return {
      name,
      id,
      actor,
      user: owner,
      calledAs: names.nameOf("task", name, name),
      exists: names.existenceOf("task", name),
    };
  });
  for (const change of changes) {
    if (change.kind !== "create-actor") continue;
    actors.push(actorOf(change.actor, users, names, random, startedAtMs + change.atMs));
  }
  const directory = { owner, stranger, users, actors, tasks };
  for (const change of changes) refuseUnknown(change, directory, world.name);
  return directory;
}

function actorOf(
  spec: ActorSpec,
  users: readonly User[],
  names: Names,
  random: Random,
  fromMs?: number,
): Actor {
  const [makerName, shortName] = spec.name.split("/");
  if (!makerName || !shortName) throw new Error(`An Actor is named owner/name: got "${spec.name}".`);
  const maker = users.find(({ username }) => username.first === makerName) ?? {
    id: SOMEBODY_ID,
    username: names.nameOf("user", makerName, makerName),
  };
  const id = random.id();
  return {
    ...spec,
    id,
    buildId: random.id(),
    maker,
    shortName: names.nameOf("actor", spec.name, shortName),
    exists: names.existenceOf("actor", spec.name, fromMs),
  };
}

function refuseUnknown(change: WorldChange, { users, actors, tasks }: Directory, where: string): void {
  const refuse = (kind: string, name: string) => {
    throw new Error(unknownName(where, `a change (${change.kind})`, kind, name));
  };
  if ("task" in change && !tasks.some(({ name }) => name === change.task)) refuse("task", change.task);
  if ("actor" in change && typeof change.actor === "string") {
    if (!actors.some(({ name }) => name === change.actor)) refuse("Actor", change.actor);
  }
  if ("user" in change && change.user !== undefined) {
    const known = [...users, ...actors.map(({ maker }) => maker)];
    if (!known.some(({ username }) => username.first === change.user)) refuse("user", change.user);
  }
}

/** What to say of a name that the world does not have. */
export function unknownName(where: string, who: string, kind: string, name: string): string {
  return `In ${where}, ${who} names the ${kind} "${name}", which is not among the world's. Add it there.`;
}
