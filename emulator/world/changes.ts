import type { ActorSpec } from "./actor.ts";

/**
 * Something that becomes otherwise for the whole account; `atMs` counts from the world's start. Actors, tasks and users are
 * named as the world declares them, whatever they are called meanwhile.
 */
export type WorldChange = { readonly atMs: number } & (
  | { readonly kind: "rename-actor"; readonly actor: string; readonly to: string }
  | { readonly kind: "rename-task"; readonly task: string; readonly to: string }
  /** Its Actors are called `to/…` from then on. Default: the owner. */
  | { readonly kind: "rename-user"; readonly user?: string; readonly to: string }
  /** Neither its name nor its id is found from then on. Its runs stay. */
  | { readonly kind: "delete-actor"; readonly actor: string }
  | { readonly kind: "delete-task"; readonly task: string }
  /** A new Actor, with an id of its own; the name may be one of an Actor that has been deleted. */
  | { readonly kind: "create-actor"; readonly actor: ActorSpec }
  /**
   * Another plan: every figure in dollars that is shown from then on, of old usage too, is so many times what it was.
   * Apify works dollars out of the prices at the time of the question.
   */
  | { readonly kind: "prices"; readonly factor: number }
);
