import type { During } from "../ground/during.ts";
import type { ActorSpec } from "../world/actor.ts";

/** A name, and what it became when. Instants in epoch ms, ascending. */
export type Name = {
  readonly first: string;
  readonly renamed: readonly { readonly atMs: number; readonly to: string }[];
};

/** What it is called at the instant. */
export const nameAt = ({ first, renamed }: Name, atMs: number): string =>
  renamed.findLast((renaming) => renaming.atMs <= atMs)?.to ?? first;

/** An Apify user. */
export type User = { readonly id: string; readonly username: Name };

/** An Actor with its ids; `name` is the one that the world declares, whatever it is called later. */
export type Actor = ActorSpec & {
  readonly id: string;
  readonly buildId: string;
  /** Whose it is. */
  readonly maker: User;
  readonly shortName: Name;
  /** When there is such an Actor, in epoch ms. */
  readonly exists: During;
};

/** `owner/name` as it is at the instant. */
export const fullNameAt = ({ maker, shortName }: Actor, atMs: number): string =>
  `${nameAt(maker.username, atMs)}/${nameAt(shortName, atMs)}`;

/** A task with its ids; `name` is the one that the world declares. */
export type Task = {
  readonly name: string;
  readonly id: string;
  readonly actor: Actor;
  readonly user: User;
  readonly calledAs: Name;
  readonly exists: During;
};
