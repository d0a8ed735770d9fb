import type { EarlierName, Typical } from "../../policy/index.ts";
import type { ActorOrTask, NamedKind } from "./apify-port.ts";
import type { Control, ControlState, TamperingMark } from "./control.ts";
import type { LedgerReads, LedgerStore } from "./ledger-store.ts";
import type { Live } from "./live.ts";
import type { Tampering } from "./notice.ts";

/** A name that was another's, and the policy version that was in force when that was found out. */
export type Former = { readonly name: string; readonly policyVersion?: number };

/** What an Actor or a task is called. A name that was known stays, with its age, while it can't be read. */
export type Name = {
  readonly name?: string;
  /** When it was asked for last. */
  readonly readAt: Date;
  /** Which policy version was in force then: under another one it is asked for again. */
  readonly readUnder?: number;
  /** When the name was read, where that is longer ago. */
  readonly knownAt?: Date;
  /** The user whose it is. Absent: not told, or kept before owners were. */
  readonly ownerId?: string;
  /** Why it could not be read the last time: no such one (404), or not for this token (403). */
  readonly unreadable?: "gone" | "forbidden";
  /** Of one that is gone: the policy version that was in force when that was found out. */
  readonly goneUnder?: number;
  /** What it was called before, oldest first. */
  readonly former?: readonly Former[];
  /** The names under which its money was booked, whatever policy was in force, for as long as a budget may count it. */
  readonly earlier?: readonly EarlierName[];
};

/** `typical` is absent when it could not be read, and empty where there are no runs to go by. */
export type KnownTypical = { readonly typical?: Typical; readonly readAt: Date };

export interface ControlReads {
  readControl(): Promise<Control>;
  /** The policy document as pushed; `undefined` when there is no such version. */
  readPolicy(version: number): Promise<unknown>;
}

export interface ControlStore extends ControlReads {
  /** Replaces the control state but for its `head` on condition of its version, and moves the version. */
  writeControl(next: ControlState, expectedVersion: number): Promise<void>;
  /** Takes the mark of a tampering off, unless more was seen since it was read. */
  unmarkTampering(mark: TamperingMark): Promise<void>;
}

/** Where the notifier leaves what the next tick is to write down. */
export interface TamperingMarks {
  /** Marks that these were seen: behind the first, where one is marked already. */
  markTampering(seen: readonly [Tampering, ...Tampering[]]): Promise<void>;
}

export interface LiveReads {
  readLive(): Promise<Live>;
}

/** Ended runs that are to be read again once an instant has come. */
export type Awaited = {
  readonly due: Date;
  readonly runIds: readonly string[];
  /** What of it can't be read, in words: its other ids stand. */
  readonly problem?: string;
};

export interface LiveStore extends LiveReads {
  /** Replaces the live index on condition of `live.version`, and moves the version. */
  writeLive(live: Live): Promise<void>;
  /** Keeps it beside the live index until three days after it is due. The same written twice stands once. */
  writeAwaited(awaited: Awaited): Promise<void>;
  /** What is due after one instant and up to another, the earliest first. */
  readAwaited(span: { readonly after: Date; readonly until: Date }): Promise<readonly Awaited[]>;
}

/** What is known of Actors and tasks. */
export interface KnownReads {
  /** The names known of these Actors or tasks, by id. */
  readNames(kind: NamedKind, ids: readonly string[]): Promise<ReadonlyMap<string, Name>>;
  /** What is known to be typical of these Actors or tasks, by id. */
  readTypical(kind: ActorOrTask, ids: readonly string[]): Promise<ReadonlyMap<string, KnownTypical>>;
}

export interface KnownStore extends KnownReads {
  writeNames(kind: NamedKind, names: ReadonlyMap<string, Name>): Promise<void>;
  writeTypical(kind: ActorOrTask, typical: ReadonlyMap<string, KnownTypical>): Promise<void>;
}

/** All of it that can only be read. */
export type StateReads = ControlReads & LiveReads & KnownReads & LedgerReads;

/**
 * The account's mutable state, by what it is of: each function takes the part that it uses. Reads are strongly
 * consistent. Writers hold the version that they read: `ConflictError` means that somebody else wrote first and nothing
 * was written.
 */
export interface StateStore extends ControlStore, TamperingMarks, LiveStore, KnownStore, LedgerStore {
  /** Some of the accounts that have anything in the table, this one too; none only where the table is empty. */
  readAccounts(): Promise<readonly string[]>;
  /** Read and write units since the last call of this method. */
  takeConsumedCapacity(): Capacity;
}

export type Capacity = { readonly readUnits: number; readonly writeUnits: number };
