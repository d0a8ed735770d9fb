import type { MicroUsd, Run } from "../../policy/index.ts";
import type { ApifyError } from "./errors.ts";

/** One page-by-page listing, with when its first request was sent. */
export type Listing = {
  readonly runs: readonly Run[];
  /** When the first page's request was sent. */
  readonly observedAt: Date;
  /** False when a later page failed or the caller's signal cut it short; `runs` then holds the oldest ones. */
  readonly complete: boolean;
  /** What a later page failed with, where it is not complete. The caller counts and reports it. */
  readonly error?: ApifyError;
  /**
   * Items that could not be read, such as one without an id, or with a start before 2015 or more than a day ahead. They are
   * left out of `runs`, so nothing is judged or recorded of them.
   */
  readonly malformed: number;
};

/**
 * Where a listing goes on, made by the adapter and for it alone. It can be kept as JSON (all of it, `after` as ISO 8601
 * and read back as a date) and taken up again with the same filter, however much later and by another process: nothing
 * else of the listing is needed.
 */
export type ListPlace = {
  /** What started at this instant or later. */
  readonly after?: Date;
  /** So many of these were listed. */
  readonly offset: number;
  /** The id of the last of them, if there are any: a full page that ends with it again brings nothing new. */
  readonly last?: string;
};

/** One page of a listing, with when its request was sent. `next` is absent at its end. */
export type RunsPage = {
  readonly runs: readonly Run[];
  readonly observedAt: Date;
  /** Items that could not be read. They are left out of `runs`. */
  readonly malformed: number;
  readonly next?: ListPlace;
};

/** Which runs to list. Both ends of the time are included. */
export type RunFilter = {
  readonly statuses?: readonly string[];
  readonly startedAfter?: Date;
  readonly startedBefore?: Date;
};

/** What Apify says that a usage cycle has cost so far. What it did not tell is absent. */
export type MonthlyUsage = {
  readonly cycle: { readonly startsAt: Date; readonly endsAt: Date };
  readonly totalMicroUsd?: MicroUsd;
};

export type ActorOrTask = "actor" | "task";

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

/** An Actor or a task: its id, `username/name` as far as Apify tells both, and its owner. */
export type Named = { readonly id: string; readonly name?: string; readonly userId?: string };

/**
 * What Apify says of an Actor or a task. `gone`: there is no such one (404), or none any more. `forbidden`: the token may
 * not read this one (403), while its runs may be listed all the same. An error says that it could not be read now.
 */
export type NamedAnswer =
  | ({ readonly kind: "found" } & Named)
  | { readonly kind: "gone" }
  | { readonly kind: "forbidden" };

/** The newest runs of an Actor or a task, as lists show them, with when they were asked for. */
export type RecentRuns = {
  /** Those of other users too: where others pay for an Actor, its publisher sees their runs. `userId` says whose. */
  readonly runs: readonly Run[];
  readonly observedAt: Date;
  /** Items that could not be read. They are left out of `runs`. */
  readonly malformed: number;
  /** Why there are none: no such Actor or task (404), or its runs may not be read (403). */
  readonly unreadable?: "gone" | "forbidden";
};

/** Whose the token is, and how that is known. */
export type TokenUser =
  | {
      readonly kind: "user";
      readonly id: string;
      /** Absent where only a list of runs told it. */
      readonly username?: string;
      /** `known`: it was asked before about this very token, by this process. `list`: by the `userId` of the newest runs. */
      readonly by: "users/me" | "list" | "known";
      /** Why `users/me` did not tell it, where it was `list`. */
      readonly because?: ApifyError;
    }
  /** `users/me` did not tell it, and there is no run that could: nothing to watch, and nothing else can be asked. */
  | { readonly kind: "no-runs"; readonly because: ApifyError };

/** What another life may take; as before where nothing is given. */
export type ResurrectOptions = {
  /** Counted from the resurrect; 0 is none. */
  readonly timeoutSecs?: number;
  readonly maxTotalChargeUsd?: number;
};

/**
 * The account on Apify, by what may be done there: each function takes the part that it uses. Every method throws `ApifyError`: on 401 and 403 at once, on what is worth another try
 * after trying within the signal's bounds. Where `isOfToken`, nothing else works either; any other is of the one resource
 * that was asked for, and the caller goes on with the others.
 *
 * Every read throws `ClockError` instead of an answer whose `Date` shows that our clock and Apify's differ by more than
 * 30 s, so that nothing of it is judged or remembered; that Apify has no such thing, or that it may not be read, is such
 * an answer too. An error keeps its own nature, with the `ClockError` as its cause. An abort and a resurrect that Apify
 * has answered have had their effect: they return what it is.
 */
export type Apify = ApifyReads &
  ApifyAbort &
  ApifyResurrect & {
    /** Requests sent since the last call of this method. */
    takeRequestCount(): number;
    /**
     * Answers whose `Date` was held against our clock since the last call of this method: those of Apify itself that carry
     * a readable one and no `Age`, errors too. 0 says that it is not known whether the clocks agree.
     */
    takeClockChecks(): number;
  };

/** All that can only be read. */
export type ApifyReads = RunsOnApify & ActorsOnApify & AccountOnApify;

export interface RunsOnApify {
  /**
   * Every run in one of the statuses, started between two instants, or both; oldest first. Throws where the first page
   * fails and, on any page, where the token or the clock is at fault; else it returns what it has, with the error.
   */
  listRuns(filter: RunFilter, signal: AbortSignal): Promise<Listing>;
  /**
   * The page of such a listing that begins at a place; the first without one. A run can be on two pages: the one after
   * begins at the start of the last one. A full page that brings nothing new is an error and no end.
   */
  runsPage(filter: RunFilter, place: ListPlace | undefined, signal: AbortSignal): Promise<RunsPage>;
  readRun(runId: string, signal: AbortSignal): Promise<Reading>;
}

/** Actors and tasks. */
export interface ActorsOnApify {
  /** By id or `username/name`. */
  actor(idOrName: string, signal: AbortSignal): Promise<NamedAnswer>;
  task(idOrName: string, signal: AbortSignal): Promise<NamedAnswer>;
  /** The last 100 runs of an Actor or a task that are in one of the statuses. */
  recentRuns(
    of: { readonly kind: ActorOrTask; readonly id: string },
    statuses: readonly string[],
    signal: AbortSignal,
  ): Promise<RecentRuns>;
}

export interface AccountOnApify {
  /**
   * Whose the token is, by `users/me`, asked once per token. Only where that fails (but for a 401) one list of the newest
   * runs goes out, and their `userId` tells it. From then on no other user's token is used for anything: the one that a
   * 401 or the hourly refresh brings is checked in the same way before any request goes out on it, an abort too.
   *
   * `expectedUserId` is the user that the account guards. Without it the first user that is found counts; a caller that
   * remembers users compares, and calls this again with the one it guards. Where this was never called, the first request
   * does it, with no user expected.
   *
   * Throws `ConfigError` where the token is another user's, or a scoped one of which nothing tells whose it is;
   * `ApifyError` where Apify refuses it or can't be asked. Nothing else goes out on it then: every other method throws,
   * and nothing is sent.
   */
  checkUser(expectedUserId: string | undefined, signal: AbortSignal): Promise<TokenUser>;
  /** Throws a 403 like any other where the token is scoped: such a one may not read these, nor the usage. */
  limits(signal: AbortSignal): Promise<AccountLimits>;
  /** The usage cycle that it is now. */
  monthlyUsage(signal: AbortSignal): Promise<MonthlyUsage>;
}

export interface ApifyAbort {
  /**
   * Sends the call once: whether to send it again is not the transport's to decide. A 403 is an answer about this run.
   * Every error that it throws, a 401 among them, means that the call had no effect.
   */
  abortRun(call: AbortCall, signal: AbortSignal): Promise<AbortAnswer>;
}

export interface ApifyResurrect {
  /**
   * Gives an ended run another life under the same id, and returns it. Sent once: an error with status 0 or 5xx, or a
   * malformed answer, leaves open whether it lives again.
   */
  resurrectRun(runId: string, options: ResurrectOptions, signal: AbortSignal): Promise<Run>;
}
