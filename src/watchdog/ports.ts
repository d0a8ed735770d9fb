import type { Exemption, ExemptionSubject, MicroUsd, Policy, Run } from "../policy/index.ts";
import type { Control, ControlState } from "./control.ts";
import type { Head, SealedEntry } from "./entry.ts";
import type { Live } from "./live.ts";

/** One page-by-page listing, with when its first request was sent. */
export type Listing = {
  readonly runs: readonly Run[];
  /** When the first page's request was sent. */
  readonly observedAt: Date;
  /** False when the caller's signal cut it short; `runs` then holds the oldest ones. */
  readonly complete: boolean;
  /** Items that could not be read, such as one without an id. They are left out of `runs`. */
  readonly malformed: number;
};

/** A run's detail, or that Apify has no such run (404). */
export type Reading =
  | { readonly kind: "found"; readonly run: Run; readonly observedAt: Date }
  | { readonly kind: "missing"; readonly observedAt: Date };

/**
 * What became of an abort call. `taken`: the API answered 200. `refused`: it answered that it will not, and nothing
 * happened. `lost`: no readable answer came, and the call may have had its effect or not.
 */
export type AbortAnswer =
  | { readonly kind: "taken"; readonly status: string }
  | { readonly kind: "refused"; readonly status: number; readonly type: string; readonly retryable: boolean }
  | { readonly kind: "lost"; readonly reason: string };

export type AbortCall = {
  readonly runId: string;
  /** Needed by the deprecated endpoint alone. */
  readonly actorId: string;
  readonly gracefully: boolean;
};

/** The account's monthly usage cycle as Apify counts it. What Apify did not tell is absent, never 0. */
export type AccountLimits = {
  readonly cycle: { readonly startsAt: Date; readonly endsAt: Date };
  readonly maxMonthlyUsageMicroUsd?: MicroUsd;
  readonly monthlyUsageMicroUsd?: MicroUsd;
};

/** What another life may take; as before where nothing is given. */
export type ResurrectOptions = {
  /** Counted from the resurrect; 0 is none. */
  readonly timeoutSecs?: number;
  readonly maxTotalChargeUsd?: number;
};

/**
 * The account on Apify. Every method throws `ApifyError`: on 401 and 403 at once, on what is worth another try
 * after trying within the signal's bounds.
 */
export interface Apify {
  /** The user that the token belongs to. Asked once per token; never returns more of the user than this. */
  whoAmI(signal: AbortSignal): Promise<{ readonly id: string; readonly username: string }>;
  /** Every run in one of the statuses, or started at or after an instant, oldest first. */
  listRuns(
    filter: { readonly statuses?: readonly string[]; readonly startedAfter?: Date },
    signal: AbortSignal,
  ): Promise<Listing>;
  readRun(runId: string, signal: AbortSignal): Promise<Reading>;
  /** Sends the call once: whether to send it again is not the transport's to decide. Throws on 401 and 403. */
  abortRun(call: AbortCall, signal: AbortSignal): Promise<AbortAnswer>;
  /** `username/name`; `undefined` when there is no such Actor or task, or it may not be read. */
  actorName(actorId: string, signal: AbortSignal): Promise<string | undefined>;
  taskName(taskId: string, signal: AbortSignal): Promise<string | undefined>;
  limits(signal: AbortSignal): Promise<AccountLimits>;
  /**
   * Gives an ended run another life under the same id, and returns it. Sent once: an error with status 0 or 5xx, or a
   * malformed answer, leaves open whether it lives again.
   */
  resurrectRun(runId: string, options: ResurrectOptions, signal: AbortSignal): Promise<Run>;
  /** Requests sent since the last call of this method. */
  takeRequestCount(): number;
}

/** What is recorded of a run for good. */
export type RunRecord = {
  readonly run: Run;
  readonly life: number;
  readonly recordedAt: Date;
  /** Set once the ended run's figure rests. */
  readonly settledAt?: Date;
};

export type RunItem = RunRecord & { readonly head?: Head };

export type Name = { readonly name?: string; readonly readAt: Date };

/**
 * The account's mutable state. Reads are strongly consistent. Writers hold the version that they read:
 * `ConflictError` means that somebody else wrote first and nothing was written.
 */
export interface StateStore {
  readControl(): Promise<Control>;
  /** Replaces the control state but for its `head` on condition of its version, and moves the version. */
  writeControl(next: ControlState, expectedVersion: number): Promise<void>;
  readLive(): Promise<Live>;
  /** Replaces the live index on condition of `live.version`, and moves the version. */
  writeLive(live: Live): Promise<void>;
  /** The policy document as pushed; `undefined` when there is no such version. */
  readPolicy(version: number): Promise<unknown>;
  /** Writes what is recorded of runs. Leaves each run's chain head as it is; never lets an older record win. */
  writeRuns(records: readonly RunRecord[]): Promise<void>;
  /** `undefined` when nothing is recorded of the run yet, even when it has a chain. */
  readRun(runId: string): Promise<RunItem | undefined>;
  /** The names known of these Actors or tasks, by id. */
  readNames(kind: "actor" | "task", ids: readonly string[]): Promise<ReadonlyMap<string, Name>>;
  writeNames(kind: "actor" | "task", names: ReadonlyMap<string, Name>): Promise<void>;
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
  readonly exemption?:
    | { readonly put: Exemption & { readonly kind: "valid" } }
    | { readonly remove: ExemptionSubject };
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
   * place in the chain is taken or the control version has moved; nothing is written then.
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
  /** Policies by version, which never change. */
  readonly policies: Map<number, Policy>;
};

export const emptyMemory = (): Memory => ({ names: new Map(), policies: new Map() });

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
