import { holdsAt } from "../ground/during.ts";
import { type Actor, fullNameAt, nameAt, type Task, type User } from "../runs/actor.ts";
import type { Directory } from "./parts.ts";

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

/** The Actor that the world declares by this name, as there is one at the instant. */
export const declaredActor = (
  { actors }: Pick<Directory, "actors">,
  declared: string,
  atMs: number,
): Actor | undefined => actors.findLast(({ name, exists }) => name === declared && holdsAt(exists, atMs));
