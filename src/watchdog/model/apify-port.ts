import type { Run } from "../../policy/index.ts";
import type {
  AbortAnswer,
  AbortCall,
  AccountLimits,
  ActorOrTask,
  Listing,
  ListPlace,
  MonthlyUsage,
  NamedAnswer,
  NamedKind,
  NamedList,
  Reading,
  RecentRuns,
  ResurrectOptions,
  RunFilter,
  RunsPage,
  Schedule,
  ScheduleAnswer,
  ScheduleReading,
  TokenUser,
} from "./apify-answers.ts";

export type * from "./apify-answers.ts";

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
  ApifyResurrect &
  ApifyHold &
  ApifyNote &
  ApifyTime & {
    /** Requests sent since the last call of this method. */
    takeRequestCount(): number;
    /**
     * Answers whose `Date` was held against our clock since the last call of this method: those of Apify itself that carry
     * a readable one and no `Age`, errors too. 0 says that it is not known whether the clocks agree.
     */
    takeClockChecks(): number;
    /** The same count, which goes on: what `now` is held against stays. */
    clockChecks(): number;
  };

/** The clock that all processes on one account have in common, wherever they run. */
export interface ApifyTime {
  /**
   * Our clock, put right by the last answer that showed Apify's time: to a second, and as it is while there was none. What
   * one process dates and another measures time from is dated by this. Throws `ClockError` where our clock and the monotonic
   * one have parted by more than 30 s since an answer that `takeClockChecks` would count, until the next one.
   */
  now(): Date;
}

/** All that can only be read. */
export type ApifyReads = RunsOnApify & ActorsOnApify & SchedulesOnApify & AccountOnApify;

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

/** Actors, tasks, and the schedules that start them. */
export interface ActorsOnApify {
  /** By id or `username/name`. */
  actor(idOrName: string, signal: AbortSignal): Promise<NamedAnswer>;
  task(idOrName: string, signal: AbortSignal): Promise<NamedAnswer>;
  /** By its id alone. */
  schedule(id: string, signal: AbortSignal): Promise<NamedAnswer>;
  /** The Actors that the account has made or used, its tasks, or its schedules: up to 10,000 of them. */
  listNamed(kind: NamedKind, signal: AbortSignal): Promise<NamedList>;
  /** The last 100 runs of an Actor or a task that are in one of the statuses. */
  recentRuns(
    of: { readonly kind: ActorOrTask; readonly id: string },
    statuses: readonly string[],
    signal: AbortSignal,
  ): Promise<RecentRuns>;
}

export interface SchedulesOnApify {
  /** Those of the account, up to 10,000, without those that can't be read. Absent: the token may not list them (403). */
  listSchedules(signal: AbortSignal): Promise<readonly Schedule[] | undefined>;
  readSchedule(id: string, signal: AbortSignal): Promise<ScheduleReading>;
}

/**
 * Both send their call once, and change nothing else of the schedule. A 403 is an answer about this one. Every error that
 * they throw, a 401 among them, means that it had no effect. Nothing in it is a condition: whoever calls reads before and after.
 */
export interface ApifyHold {
  disableSchedule(id: string, signal: AbortSignal): Promise<ScheduleAnswer>;
  enableSchedule(id: string, signal: AbortSignal): Promise<ScheduleAnswer>;
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

export interface ApifyNote {
  /** Sets what the run says of itself in Apify's Console, for good. Sent once; of its effect nothing is promised. */
  setStatusMessage(runId: string, text: string, signal: AbortSignal): Promise<void>;
}

export interface ApifyResurrect {
  /**
   * Gives an ended run another life under the same id, and returns it. Sent once: an error with status 0 or 5xx, or a
   * malformed answer, leaves open whether it lives again.
   */
  resurrectRun(runId: string, options: ResurrectOptions, signal: AbortSignal): Promise<Run>;
}
