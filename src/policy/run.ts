import type { MicroUsd } from "./money.ts";

/** Apify's run statuses as documented; the API may add others, so a run's status is any string. */
export const LIVE_STATUSES = ["READY", "RUNNING", "TIMING-OUT", "ABORTING"] as const;
export const ENDED_STATUSES = ["SUCCEEDED", "FAILED", "TIMED-OUT", "ABORTED"] as const;

const among = (list: readonly string[], status: string): boolean => list.includes(status);

/** READY, RUNNING, TIMING-OUT or ABORTING. */
export const isLive = (status: string): boolean => among(LIVE_STATUSES, status);
/** SUCCEEDED, FAILED, TIMED-OUT or ABORTED. A status we do not know is neither live nor ended. */
export const isEnded = (status: string): boolean => among(ENDED_STATUSES, status);
/** Starting or running: what rules on cost and time judge, and what a graceful abort acts on. */
export const isActive = (status: string): boolean => status === "READY" || status === "RUNNING";
/** On its way out: judged by `abortingTime` alone. */
export const isStopping = (status: string): boolean => status === "ABORTING" || status === "TIMING-OUT";

/** What only a run's detail shows; the list omits all of it. */
export type RunDetail = {
  /** Every numeric field of Apify's `stats`, by name. Absent and null fields are absent here. */
  readonly stats: Readonly<Record<string, number>>;
  /** `stats.resurrectCount`; absent when Apify did not say. */
  readonly resurrectCount?: number;
};

/** A run's figures as Apify told them. What Apify did not tell is absent, never 0. */
export type Run = {
  readonly id: string;
  readonly actorId: string;
  readonly actorTaskId?: string;
  readonly status: string;
  readonly startedAt: Date;
  readonly finishedAt?: Date;
  /** `meta.origin`, for example SCHEDULER or API. */
  readonly origin?: string;
  readonly usageTotalMicroUsd?: MicroUsd;
  readonly detail?: RunDetail;
};

/**
 * A run from its start, or from a resurrect, to its next end.
 *
 *     startedAt      readyUntil                 finishedAt     since (life 1)
 *     |-- READY seen --|--- runTime of life 0 ------|   down   |--- runTime of life 1 --…
 */
export type Life = {
  /** 0 for the first, Apify's `resurrectCount` after that. */
  readonly number: number;
  /** `startedAt` for the first life; when it was first seen for a later one. */
  readonly since: Date;
  /** The last instant at which this life was seen READY. */
  readonly readyUntil?: Date;
  /** When this life was first seen ABORTING or TIMING-OUT. */
  readonly stoppingSince?: Date;
  /** Since when a gauge has been seen at or above a step, by `ruleId@share/metric/limit`. */
  readonly looks: Readonly<Record<string, Date>>;
};

export type Source = "list" | "detail";

/** A run as last seen, with when, from where, and what we know of its life. */
export type Observation = {
  readonly run: Run;
  /** When the request that brought it was sent: the reading is at least this fresh. */
  readonly observedAt: Date;
  readonly source: Source;
  readonly life: Life;
  /** `username/name`, as far as it could be resolved. */
  readonly actorName?: string;
  readonly taskName?: string;
  /** Micro-dollars an hour between the last two figures that differed; absent until there are two. */
  readonly burnMicroUsdPerHour?: number;
};
