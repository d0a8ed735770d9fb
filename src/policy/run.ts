import type { MicroUsd } from "./values/money.ts";

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

/** What only a run's detail shows; the list omits all of it. What Apify did not tell, or told as null, is absent. */
export type RunDetail = {
  /** Every numeric field of Apify's `stats`, by name. */
  readonly stats: Readonly<Record<string, number>>;
  /** `stats.resurrectCount`. */
  readonly resurrectCount?: number;
  /** Quantities by service: Apify's `usage`. */
  readonly usage?: Readonly<Record<string, number>>;
  /** Cost by service, in micro-dollars: Apify's `usageUsd`. Told only to who pays for platform usage. */
  readonly usageMicroUsd?: Readonly<Record<string, MicroUsd>>;
  /** How often each event was charged: Apify's `chargedEventCounts`. It may lag behind by seconds. */
  readonly events?: Readonly<Record<string, number>>;
  /**
   * What one of each event costs at least, in micro-dollars and not rounded: `eventPriceUsd`, or of a tiered price the
   * cheapest tier. An event without a readable price is absent.
   */
  readonly eventMicroUsd?: Readonly<Record<string, number>>;
  /**
   * How many of them Apify has added to the bill: `accountedChargedEventCounts`, which Apify does not document. They trail
   * `events` by minutes, and stay at 0 where nothing is billed: in runs of one's own Actor, and within free quotas.
   */
  readonly accountedEvents?: Readonly<Record<string, number>>;
  /** What it billed for each: `eventUsage.<event>.eventTotalUsd`, not documented either. */
  readonly eventUsageMicroUsd?: Readonly<Record<string, MicroUsd>>;
  /** `chargingStoppedAt`: the cap on its charges is reached, and the run goes on. */
  readonly chargingStoppedAt?: Date;
  /** How often the run has become another Actor's: Apify's `metamorphs`. */
  readonly metamorphs?: number;
  /** Who pays for platform usage: Apify's `platformUsageBillingModel`, USER or DEVELOPER. */
  readonly billing?: string;
};

/** The pricing model of Actors whose runs are charged by events. */
export const PAY_PER_EVENT = "PAY_PER_EVENT";

/** What stands in for the pricing model of a run to which Apify's detail attaches none, such as your own Actor's. */
export const NO_PRICING = "NONE";

/** What a life of a run was started with. Only the detail tells; it is kept for as long as the life goes on. */
export type RunSettings = {
  /** The tag or number of the build that was asked for, such as `latest`: `options.build`. */
  readonly build?: string;
  readonly buildNumber?: string;
  readonly memoryMbytes?: number;
  /** 0: no timeout. */
  readonly timeoutSecs?: number;
  /** `pricingInfo.pricingModel`, such as PAY_PER_EVENT, or `NO_PRICING`. */
  readonly pricingModel?: string;
  /** `options.maxTotalChargeUsd`: charging stops there, whoever set it. */
  readonly maxTotalChargeMicroUsd?: MicroUsd;
  /**
   * Did its user set that cap? `options.isMaxTotalChargeUsdSetByUser`; without a cap nobody did. Apify sets one of all the
   * credit that is left.
   */
  readonly capSetByUser?: boolean;
  /** `options.maxItems`: so many results are charged at most. */
  readonly maxItems?: number;
  readonly restartOnError?: boolean;
};

/** A run's figures as Apify told them. What Apify did not tell is absent, never 0. */
export type Run = {
  readonly id: string;
  readonly actorId: string;
  readonly actorTaskId?: string;
  readonly status: string;
  readonly startedAt: Date;
  /** Of ended runs only: what a live one says here is the end of a life before. */
  readonly finishedAt?: Date;
  /** `meta.origin`, for example SCHEDULER or API. */
  readonly origin?: string;
  /** The schedule that started it: `meta.scheduleId`. */
  readonly scheduleId?: string;
  /** Whose run it is, which an Actor's list does not leave to guess: there other users' runs can stand too. */
  readonly userId?: string;
  readonly usageTotalMicroUsd?: MicroUsd;
  readonly settings?: RunSettings;
  readonly detail?: RunDetail;
};

/** What starts runs, as far as they show it: their schedule, else their task, else their Actor. */
export type RunSource = { readonly kind: "schedule" | "task" | "actor"; readonly id: string };

/**
 * What started the run. Apify names the schedule alone; whatever else starts runs of a task or of an Actor (an API client,
 * a webhook, another run, a person) starts them under its name.
 */
export function sourceOf({
  scheduleId,
  actorTaskId,
  actorId,
}: Pick<Run, "scheduleId" | "actorTaskId" | "actorId">): RunSource {
  if (scheduleId !== undefined) return { kind: "schedule", id: scheduleId };
  if (actorTaskId !== undefined) return { kind: "task", id: actorTaskId };
  return { kind: "actor", id: actorId };
}

/** Names a source among all. */
export const sourceKey = ({ kind, id }: RunSource): string => `${kind}:${id}`;

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
  /** What they were called before, since the policy in force was pushed: an exception goes on under these, too. */
  readonly formerActorNames?: readonly string[];
  readonly formerTaskNames?: readonly string[];
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
