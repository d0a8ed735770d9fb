import type { RunStatus } from "../world/script.ts";
import type { Actor, Task, User } from "./actor.ts";
import type { Character } from "./character.ts";
import type { Corrected } from "./corrections.ts";

/** A status and the instant (epoch ms) from which it holds. */
export type Change = { readonly atMs: number; readonly status: RunStatus };

/**
 * One life of a run: from its start, or a resurrection, to its next end. `changes` holds what has happened and what
 * will if nobody interferes, ascending; an interference at T replaces all after T, so the past can always be read.
 */
export type Life = { readonly startedAtMs: number; changes: readonly Change[]; forced: boolean };

/** What a caller may set for a run when it starts or is resurrected. */
export type RunOptions = {
  readonly build: string;
  readonly timeoutSecs: number;
  readonly memoryMbytes: number;
  readonly maxItems: number | undefined;
  readonly maxTotalChargeUsd: number | undefined;
  readonly restartOnError: boolean;
};

/** By which schedule a run was started, and when it was due. */
export type Scheduled = { readonly id: string; readonly atMs: number };

/** A run: who it is, how it behaves, its lives so far, and the little that callers can write to it. */
export type Run = Corrected & {
  readonly id: string;
  readonly label: string | undefined;
  /** From which the instants of its settings count: the world's start or, of a run that was started later, that moment. */
  readonly zeroMs: number;
  /** Who started it and pays for it. */
  readonly user: User;
  /** As which it was started, and by whose prices it is charged whatever it turns into. */
  readonly actor: Actor;
  /** What it has turned into and, as far as that is planned, will; ascending. */
  readonly metamorphs: { readonly atMs: number; readonly actor: Actor }[];
  readonly task: Task | undefined;
  readonly startedAtMs: number;
  /** Of a run that one of the world's schedules started. */
  readonly scheduled: Scheduled | undefined;
  readonly character: Character;
  readonly storeIds: { readonly keyValue: string; readonly dataset: string; readonly queue: string };
  readonly lives: Life[];
  options: RunOptions;
  message: { readonly text: string; readonly isTerminal: boolean } | undefined;
  rebootCount: number;
  deletedAtMs: number | undefined;
  /** Events charged through the API, beyond those that the cost curve stands for. */
  readonly charges: { readonly atMs: number; readonly event: string; readonly count: number }[];
};

/** What the run has turned into by the instant. */
export const metamorphsBy = ({ metamorphs }: Run, atMs: number): Run["metamorphs"] =>
  metamorphs.filter((metamorph) => metamorph.atMs <= atMs);

/** As which Actor it runs at the instant. */
export const actorAt = (run: Run, atMs: number): Actor => metamorphsBy(run, atMs).at(-1)?.actor ?? run.actor;
