import type { During } from "../ground/during.ts";
import { holdsAt } from "../ground/during.ts";
import type { Random } from "../ground/random.ts";
import type { Actor, Name, Task, User } from "../runs/actor.ts";
import { fullNameAt, nameAt } from "../runs/actor.ts";
import type { ActorSpec } from "../world/actor.ts";
import type { World } from "../world/world.ts";
import type { Directory } from "./parts.ts";

/** Whose Actors are that belong to none of the world's users: Apify has thousands of such makers. */
const SOMEBODY_ID = "ZscMwFR5H7eCtWtyh";

const unchanged = (first: string): Name => ({ first, renamed: [] });
const ALWAYS: During = {};

/** The world's users, Actors and tasks, with the ids that its seed gives them. */
export function directoryOf(world: World, random: Random): Directory {
  const owner: User = { id: random.id(), username: unchanged(world.username ?? "acme") };
  const stranger: User = { id: random.id(), username: unchanged("someone-else") };
  const others = (world.users ?? []).map((name): User => ({ id: random.id(), username: unchanged(name) }));
  const users = [owner, stranger, ...others];
  const actors = world.actors.map((spec) => actorOf(spec, users, random));
  const tasks = (world.tasks ?? []).map((spec): Task => {
    const actor = actors.find((candidate) => candidate.name === spec.actor);
    if (!actor) throw new Error(unknownName(world.name, `task ${spec.name}`, "Actor", spec.actor));
    const { name } = spec;
    return { name, id: random.id(), actor, user: owner, calledAs: unchanged(name), exists: ALWAYS };
  });
  return { owner, stranger, users, actors, tasks };
}

function actorOf(spec: ActorSpec, users: readonly User[], random: Random): Actor {
  const [makerName, shortName] = spec.name.split("/");
  if (!makerName || !shortName) throw new Error(`An Actor is named owner/name: got "${spec.name}".`);
  const maker = users.find(({ username }) => username.first === makerName) ?? {
    id: SOMEBODY_ID,
    username: unchanged(makerName),
  };
  const id = random.id();
  return { ...spec, id, buildId: random.id(), maker, shortName: unchanged(shortName), exists: ALWAYS };
}

/** The Actor of an id, of `owner~name` or, of the asker's own, `~name`, as it is called at the instant. */
export function findActor(
  { owner, actors }: Pick<Directory, "owner" | "actors">,
  wanted: string,
  asker: User | undefined,
  atMs: number,
): Actor | undefined {
  const own = nameAt((asker ?? owner).username, atMs);
  const name = (wanted.startsWith("~") ? own + wanted : wanted).replace("~", "/");
  return actors.find(
    (actor) => holdsAt(actor.exists, atMs) && (actor.id === wanted || fullNameAt(actor, atMs) === name),
  );
}

/** The task of an id, of `owner~name` or of `~name`, as it is called at the instant. */
export function findTask(
  { tasks }: Pick<Directory, "tasks">,
  wanted: string,
  atMs: number,
): Task | undefined {
  return tasks.find(({ id, user, calledAs, exists }) => {
    const name = wanted.replace(`${nameAt(user.username, atMs)}~`, "").replace("~", "");
    return holdsAt(exists, atMs) && (id === wanted || nameAt(calledAs, atMs) === name);
  });
}

/** What to say of a name that the world does not have. */
export function unknownName(where: string, who: string, kind: string, name: string): string {
  return `In ${where}, ${who} names the ${kind} "${name}", which is not among the world's. Add it there.`;
}
