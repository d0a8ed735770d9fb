import type { MicroUsd, Run } from "../../policy/index.ts";

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

/** An Actor or a task: its id, and `username/name` as far as Apify tells both. */
export type Named = { readonly id: string; readonly name?: string };

/** What another life may take; as before where nothing is given. */
export type ResurrectOptions = {
  /** Counted from the resurrect; 0 is none. */
  readonly timeoutSecs?: number;
  readonly maxTotalChargeUsd?: number;
};

/**
 * The account on Apify, by what may be done there: each function takes the part that it uses. Every method throws
 * `ApifyError`: on 401 and 403 at once, on what is worth another try after trying within the signal's bounds.
 */
export type Apify = ApifyReads &
  ApifyAbort &
  ApifyResurrect & {
    /** Requests sent since the last call of this method. */
    takeRequestCount(): number;
  };

/** All that can only be read. */
export type ApifyReads = RunsOnApify & ActorsOnApify & AccountOnApify;

export interface RunsOnApify {
  /** Every run in one of the statuses, started between two instants, or both; oldest first. */
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
  /** `username/name`; `undefined` when there is no such Actor or task, or it may not be read. */
  actorName(actorId: string, signal: AbortSignal): Promise<string | undefined>;
  taskName(taskId: string, signal: AbortSignal): Promise<string | undefined>;
  /**
   * The last 100 runs of an Actor or a task that ended SUCCEEDED, as lists show them; none when there is no such Actor
   * or task, or its runs may not be read.
   */
  recentSuccesses(
    of: { readonly kind: ActorOrTask; readonly id: string },
    signal: AbortSignal,
  ): Promise<Pick<Listing, "runs" | "observedAt">>;
  /**
   * The Actor or task by its id or `username/name`; `undefined` when Apify knows none. Where the token may not read it,
   * throws a 403 like any other.
   */
  findActor(nameOrId: string, signal: AbortSignal): Promise<Named | undefined>;
  findTask(nameOrId: string, signal: AbortSignal): Promise<Named | undefined>;
}

export interface AccountOnApify {
  /** The user that the token belongs to. Asked once per token; never returns more of the user than this. */
  whoAmI(signal: AbortSignal): Promise<{ readonly id: string; readonly username: string }>;
  /** Throws a 403 like any other where the token is scoped: such a one may not read these, nor the usage. */
  limits(signal: AbortSignal): Promise<AccountLimits>;
  /** The usage cycle that it is now. */
  monthlyUsage(signal: AbortSignal): Promise<MonthlyUsage>;
}

export interface ApifyAbort {
  /** Sends the call once: whether to send it again is not the transport's to decide. Throws on 401 and 403. */
  abortRun(call: AbortCall, signal: AbortSignal): Promise<AbortAnswer>;
}

export interface ApifyResurrect {
  /**
   * Gives an ended run another life under the same id, and returns it. Sent once: an error with status 0 or 5xx, or a
   * malformed answer, leaves open whether it lives again.
   */
  resurrectRun(runId: string, options: ResurrectOptions, signal: AbortSignal): Promise<Run>;
}
