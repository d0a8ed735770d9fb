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
/** What has a name that is read and kept. */
export type NamedKind = ActorOrTask | "schedule";

/**
 * A run's detail, or that Apify has no such run (404). `observedAt` and, by the monotonic clock, `sentMs` are when its
 * request was sent.
 */
export type Reading =
  | { readonly kind: "found"; readonly run: Run; readonly observedAt: Date; readonly sentMs: number }
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

/** An Actor or a task: its id, `username/name` as far as Apify tells both, and its owner. A schedule's name has no username. */
export type Named = { readonly id: string; readonly name?: string; readonly userId?: string };

/**
 * What Apify says of an Actor, a task or a schedule. `gone`: there is no such one (404), or none any more. `forbidden`: the token may
 * not read this one (403), while its runs may be listed all the same. An error says that it could not be read now.
 */
export type NamedAnswer =
  | ({ readonly kind: "found" } & Named)
  | { readonly kind: "gone" }
  | { readonly kind: "forbidden" };

/** All that the account's lists name; a task with its Actor. Absent: the token may not list them (403). */
export type NamedList = readonly (Pick<Named, "id" | "name"> & { readonly actorId?: string })[] | undefined;

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

/** What a schedule starts: an Actor, or a task, by its id. */
export type ScheduleStart = { readonly kind: ActorOrTask; readonly id: string };

/** A schedule as Apify shows it. */
export type Schedule = {
  readonly id: string;
  readonly name?: string;
  readonly isEnabled: boolean;
  /** When anybody changed it last, by Apify's clock. */
  readonly modifiedAt: Date;
  readonly nextRunAt?: Date;
  readonly starts: readonly ScheduleStart[];
  /** Tells what people made of it, but for whether it is enabled. Of a list it is another one than of a reading. */
  readonly state: string;
};

export type ScheduleReading =
  | { readonly kind: "found"; readonly schedule: Schedule }
  /** Apify has no such schedule (404), or none any more. */
  | { readonly kind: "gone" }
  /** The token may not read this one (403). */
  | { readonly kind: "forbidden" };

/** What became of a change: see `AbortAnswer`. */
export type ScheduleAnswer =
  | { readonly kind: "taken"; readonly schedule: Schedule }
  | { readonly kind: "refused"; readonly status: number; readonly type: string; readonly retryable: boolean }
  | { readonly kind: "lost"; readonly reason: string };
