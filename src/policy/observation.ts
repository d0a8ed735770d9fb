import type { Run } from "./run.ts";

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
  /**
   * When it was first seen, if it was old then, by its count in its first life, and nothing showed that it had been running
   * since its start. For as long as that is in doubt, `since` is that look.
   */
  readonly doubtedAt?: Date;
  /** The last instant at which this life was seen READY. */
  readonly readyUntil?: Date;
  /** When this life was first seen ABORTING or TIMING-OUT. */
  readonly stoppingSince?: Date;
  /**
   * Since when something has held without a break: a gauge at or above a step, by `ruleId@share/metric/limit`; a
   * state that a limit times, such as idleness, by the limit.
   */
  readonly looks: Readonly<Record<string, Date>>;
  /** When `looks` was kept last: a row that nobody looked at for too long is none. */
  readonly lookedAt?: Date;
};

export type Source = "list" | "detail";

/** What a run did between two details of it, at least half a minute apart. Absent: not told at both. */
export type Activity = {
  readonly overSecs: number;
  /**
   * Where the later detail has the very `stats` of the one before: when these were first seen. They show nothing of what the
   * run has done since then, and counters of a later look count from there. Absent: they moved.
   */
  readonly unmovedSince?: Date;
  /** Received and sent. */
  readonly netBytes?: number;
  /** Charged events, items written to datasets and request queues, proxied requests and gigabytes: any of them. */
  readonly outputs?: number;
};

/** The median of the last runs of an Actor or a task. */
export type TypicalFigure = {
  readonly median: number;
  /** How many of them succeeded. */
  readonly runs: number;
  /** How many were stopped: they count as at least as expensive, and as long, as any that succeeded. Absent: none. */
  readonly stopped?: number;
};

/** What is usual for the run's task or, where it has none, its Actor. */
export type Typical = {
  readonly usageTotalMicroUsd?: TypicalFigure;
  readonly runTimeSecs?: TypicalFigure;
};

/** A run as last seen, with when, from where, and what we know of its life. */
export type Observation = {
  readonly run: Run;
  /** When the request that brought it was sent: the reading is at least this fresh. */
  readonly observedAt: Date;
  readonly source: Source;
  readonly life: Life;
  /** When the run's cost was told, where this look did not tell it: known stays known, with its age. */
  readonly costAt?: Date;
  /** `username/name`, as far as it could be resolved. */
  readonly actorName?: string;
  readonly taskName?: string;
  /** What the schedule that started it is called. */
  readonly scheduleName?: string;
  /** What they were called before, since the policy in force was pushed: an exception goes on under these, too. */
  readonly formerActorNames?: readonly string[];
  readonly formerTaskNames?: readonly string[];
  readonly formerScheduleNames?: readonly string[];
  /** Does the Actor belong to the account, which is not billed its own events? Absent or undefined: not known. */
  readonly ownActor?: boolean | undefined;
  /** Micro-dollars an hour: as measured or, until there is a measurement, on the average since the start. */
  readonly burnMicroUsdPerHour?: number;
  /** The higher of those two rates: no measurement to judge by, but when to look again. */
  readonly peakBurnMicroUsdPerHour?: number;
  /**
   * The lower of the rates over the last two stretches between figures that differed, each half a minute or longer; while
   * the figure rests, the time since counts too. Absent until there are three figures, and when this look tells no cost.
   */
  readonly measuredBurnMicroUsdPerHour?: number;
  readonly activity?: Activity;
  readonly typical?: Typical;
};
