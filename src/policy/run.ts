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

/** Ended by an error of its own, or at its timeout; ABORTED is what somebody wanted. */
export const hasFailed = (status: string): boolean => status === "FAILED" || status === "TIMED-OUT";

/** The year in which Apify began: no run of it is older. */
const FIRST_RUN_MS = Date.UTC(2015, 0, 1);
const DAY_MS = 86_400_000;

/** Can something of a run have been then, as seen at `at`? Neither before there were runs nor more than a day ahead. */
export const isPossible = (instant: Date, at: Date): boolean =>
  instant.getTime() >= FIRST_RUN_MS && instant.getTime() <= at.getTime() + DAY_MS;

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
  /**
   * What one result of a pay-per-result Actor costs at most, in micro-dollars and not rounded: `pricingInfo.pricePerUnitUsd`,
   * or of a tiered price the most expensive tier.
   */
  readonly resultMicroUsd?: number;
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
 * May the run have started the other? Apify does not say which run started which; those that an Actor starts have the origin
 * ACTOR, so each of them that began within the run's life may be one, and may be another run's.
 */
export const mayBeChildOf = (
  parent: Pick<Run, "id" | "startedAt" | "finishedAt">,
  { id, origin, startedAt }: Pick<Run, "id" | "origin" | "startedAt">,
): boolean =>
  id !== parent.id &&
  origin === "ACTOR" &&
  startedAt >= parent.startedAt &&
  (parent.finishedAt === undefined || startedAt <= parent.finishedAt);
