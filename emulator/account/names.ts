import type { During } from "../ground/during.ts";
import type { Name } from "../runs/actor.ts";
import type { WorldChange } from "../world/changes.ts";

type Named = "actor" | "task" | "user";

/** What becomes of the world's names in the course of time; instants in epoch ms. */
export type Names = {
  /** A name that was `first` when the world began, of what the world declares as `declared`. */
  nameOf(kind: Named, declared: string, first: string): Name;
  /** When there is what the world declares so and what exists from `fromMs` on, or ever. */
  existenceOf(kind: Named, declared: string, fromMs?: number): During;
};

/** Reads a world's changes, which count from `startedAtMs`. A user that a change does not name is `owner`. */
export function namesOf(changes: readonly WorldChange[], startedAtMs: number, owner: string): Names {
  const sorted = changes
    .map((change) => ({ ...change, atMs: startedAtMs + change.atMs }))
    .sort((one, other) => one.atMs - other.atMs);
  const declaredIn = (change: WorldChange): string | undefined => {
    if (change.kind === "rename-user") return `user ${change.user ?? owner}`;
    if (change.kind === "rename-actor" || change.kind === "delete-actor") return `actor ${change.actor}`;
    if (change.kind === "rename-task" || change.kind === "delete-task") return `task ${change.task}`;
    return undefined;
  };
  const of = (kind: Named, declared: string) =>
    sorted.filter((change) => declaredIn(change) === `${kind} ${declared}`);
  return {
    nameOf: (kind, declared, first) => ({
      first,
      renamed: of(kind, declared).flatMap((change) =>
        "to" in change ? [{ atMs: change.atMs, to: change.to }] : [],
      ),
    }),
    existenceOf(kind, declared, fromMs) {
      const gone = of(kind, declared).find(
        ({ kind: what, atMs }) => what.startsWith("delete-") && (fromMs === undefined || atMs > fromMs),
      );
      return {
        ...(fromMs === undefined ? {} : { fromMs }),
        ...(gone === undefined ? {} : { untilMs: gone.atMs }),
      };
    },
  };
}
