import type { Exemption, ExemptionSubject, Policy, Typical } from "../../policy/index.ts";
import type { ActorOrTask, Apify } from "./apify-port.ts";
import type { Control, ControlState } from "./control.ts";
import type { Head, SealedEntry } from "./entry.ts";
import type { LedgerStore } from "./ledger-store.ts";
import type { Live } from "./live.ts";

export type * from "./apify-port.ts";
export type * from "./ledger-store.ts";

export type Name = { readonly name?: string; readonly readAt: Date };

/** `typical` is absent when it could not be read, and empty where there are no runs to go by. */
export type KnownTypical = { readonly typical?: Typical; readonly readAt: Date };

/**
 * The account's mutable state. Reads are strongly consistent. Writers hold the version that they read:
 * `ConflictError` means that somebody else wrote first and nothing was written.
 */
export interface StateStore extends LedgerStore {
  readControl(): Promise<Control>;
  /** Replaces the control state but for its `head` on condition of its version, and moves the version. */
  writeControl(next: ControlState, expectedVersion: number): Promise<void>;
  readLive(): Promise<Live>;
  /** Replaces the live index on condition of `live.version`, and moves the version. */
  writeLive(live: Live): Promise<void>;
  /** The policy document as pushed; `undefined` when there is no such version. */
  readPolicy(version: number): Promise<unknown>;
  /** The names known of these Actors or tasks, by id. */
  readNames(kind: ActorOrTask, ids: readonly string[]): Promise<ReadonlyMap<string, Name>>;
  writeNames(kind: ActorOrTask, names: ReadonlyMap<string, Name>): Promise<void>;
  /** What is known to be typical of these Actors or tasks, by id. */
  readTypical(kind: ActorOrTask, ids: readonly string[]): Promise<ReadonlyMap<string, KnownTypical>>;
  writeTypical(kind: ActorOrTask, typical: ReadonlyMap<string, KnownTypical>): Promise<void>;
  /** Read and write units since the last call of this method. */
  takeConsumedCapacity(): Capacity;
}

export type Capacity = { readonly readUnits: number; readonly writeUnits: number };

/** One append: the entry and what must change with it, all or nothing. */
export type Append = {
  readonly sealed: SealedEntry;
  /**
   * The control state that goes with it, on condition of the version. The entry's chain head goes with the entry in
   * any case: into the control state for the control chain (the store sets `head`), else into the run's item. An
   * entry of the control chain, and one with an exemption, must have it.
   */
  readonly control?: { readonly next: ControlState; readonly expectedVersion: number };
  readonly policy?: { readonly version: number; readonly document: unknown };
  readonly exemption?: (
    | { readonly put: Exemption & { readonly kind: "valid" } }
    | { readonly remove: ExemptionSubject }
  ) & {
    /** The grant that must stand for the subject: a reading may show one that was replaced or ended meanwhile. */
    readonly standing?: Exemption & { readonly kind: "valid" };
  };
};

/** An entry as it stands in the store, not yet believed: `verify` recomputes what can be recomputed. */
export type StoredEntry = {
  readonly chain: string;
  readonly sequence: number;
  readonly text: string;
  readonly hash: string;
  /** The indexed copies of fields of the text. */
  readonly copies: {
    readonly entryId: string;
    readonly kind: string;
    readonly at: string;
    readonly runId?: string;
    readonly actorId?: string;
    readonly ruleId?: string;
  };
};

/** The append-only audit of one account. */
export interface AuditStore {
  /** A chain from its first entry to its last, strongly consistent. Empty when there is none. */
  readChain(chain: string): Promise<readonly StoredEntry[]>;
  /** The head that the state table remembers of a chain, strongly consistent. `undefined` when there is none. */
  readHead(chain: string): Promise<Head | undefined>;
  /**
   * One transaction: the entry where no entry is, its chain's head, and what goes with it. `ConflictError` when the
   * place in the chain is taken, the control version has moved or another exemption stands; nothing is written then.
   */
  append(append: Append): Promise<void>;
  /** Entries of a span of time, both ends included, oldest first, from the index: a moment behind at times. */
  list(span: { readonly from: Date; readonly to: Date }): AsyncIterable<StoredEntry>;
  /** Every chain with the head that the state table remembers of it. For `verify`. */
  heads(): AsyncIterable<{ readonly chain: string; readonly head: Head }>;
}

/**
 * Where Apify's token comes from. Both reads throw `ConfigError` when there is no usable token; no error holds one.
 * `get` may answer from memory, `refresh` asks again because the token was refused.
 */
export interface TokenSource {
  get(): Promise<string>;
  refresh(): Promise<string>;
  /** For messages: `the secret arn:…`, `APIFY_TOKEN in the environment`. Never the token. */
  describe(): string;
}

/** Where time comes from. `sleep` ends early, without an error, when the signal aborts. */
export interface Clock {
  now(): Date;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A number in [0, 1): jitter only, nothing rests on it. */
export type Random = () => number;

export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export type Memory = {
  /** Names resolved so far, by `kind#id`. */
  readonly names: Map<string, Name>;
  /** What is typical of Actors and tasks, by `kind#id`. */
  readonly typical: Map<string, KnownTypical>;
  /** Policies by version, which never change. */
  readonly policies: Map<number, Policy>;
};

export const emptyMemory = (): Memory => ({
  names: new Map(),
  typical: new Map(),
  policies: new Map(),
});

/** All that a tick needs of the world. */
export type Ports = {
  readonly account: string;
  readonly apify: Apify;
  readonly state: StateStore;
  readonly audit: AuditStore;
  readonly clock: Clock;
  readonly log: Log;
  /** An id that no other tick has. */
  readonly newTickId: () => string;
  /** What need not be read again, for as long as the process lives. May start empty. */
  readonly memory: Memory;
};
