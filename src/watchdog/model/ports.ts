import type { Exemption, ExemptionSubject } from "../../policy/index.ts";
import type { Apify, ApifyReads } from "./apify-port.ts";
import type { ControlState, PolicyInForce } from "./control.ts";
import type { Head, SealedEntry } from "./entry.ts";
import type { ControlStore, KnownTypical, Name, StateReads, StateStore } from "./state-store.ts";

export type * from "./apify-port.ts";
export type * from "./ledger-store.ts";
export type * from "./state-store.ts";

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

export type AuditSpan = { readonly from: Date; readonly to: Date; readonly latestFirst?: boolean };

export interface AuditReads {
  /** A chain from its first entry to its last, strongly consistent. Empty when there is none. */
  readChain(chain: string): Promise<readonly StoredEntry[]>;
  /**
   * Is there an entry in that place of a chain? Where an append is at work on it, its outcome is waited for: what
   * `readChain` brings after that has the entry.
   */
  isTaken(chain: string, sequence: number): Promise<boolean>;
  /** The head that the state table remembers of a chain, strongly consistent. `undefined` when there is none. */
  readHead(chain: string): Promise<Head | undefined>;
  /**
   * Entries of a span of time, both ends included, oldest first, from the index: a moment behind at times. What the caller
   * leaves unread is not fetched, but for the rest of a page.
   */
  list(span: AuditSpan): AsyncIterable<StoredEntry>;
  /** Every entry, of any age, in no order, strongly consistent: reads all of the table, page by page. For `verify`. */
  all(): AsyncIterable<StoredEntry>;
  /** Every chain with the head that the state table remembers of it. For `verify`. */
  heads(): AsyncIterable<{ readonly chain: string; readonly head: Head }>;
}

/** The append-only audit of one account. */
export interface AuditStore extends AuditReads {
  /**
   * One transaction: the entry where no entry is, its chain's head, and what goes with it. `ConflictError` when the
   * place in the chain is taken, the control version has moved or another exemption stands; nothing is written then.
   */
  append(append: Append): Promise<void>;
}

/** A line of the log of checkpoints. */
export type LoggedLine = {
  readonly text: string;
  /** When the log took it, by the log's own clock: who writes can't choose it. */
  readonly loggedAt: Date;
};

/** Where checkpoints of the audit are kept: outside of the tables, and only ever appended to. */
export interface CheckpointLog {
  append(lines: readonly string[]): Promise<void>;
  /** Every line of this account, in no order. None where nothing was ever written, or all of it was deleted. */
  lines(): AsyncIterable<LoggedLine>;
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
  /** Milliseconds since some instant of this process. Setting the clock does not move it. */
  monotonicMs(): number;
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
  /** Policies by version, checked against their pushes once: they never change. */
  readonly policies: Map<number, PolicyInForce>;
  /** When to look whether the audit's next checkpoint is due, and why a person must look, if none could be made for long. */
  checkpoint?: { readonly lookAt: Date; readonly overdue?: string };
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
  /** Absent where the environment names none: then no checkpoint is made. */
  readonly checkpoints?: CheckpointLog;
  readonly clock: Clock;
  readonly log: Log;
  /** An id that no other tick has. */
  readonly newTickId: () => string;
  /** What need not be read again, for as long as the process lives. May start empty. */
  readonly memory: Memory;
};

/** What writes entries takes. */
export type AuditPorts = Pick<Ports, "account" | "audit">;

/** What writes entries and moves the control state with them takes. */
export type ControlPorts = AuditPorts & { readonly state: ControlStore };

/** What a person's action on the control plane takes. */
export type OperatorPorts = ControlPorts & Pick<Ports, "clock" | "newTickId">;

/** What tells how things are, and changes nothing. */
export type ReadPorts = {
  readonly apify: ApifyReads;
  readonly state: StateReads;
  readonly audit: AuditReads;
  readonly clock: Clock;
};
