import { isEnded, type MicroUsd, type Run } from "../../policy/index.ts";
import type { Verdict } from "../audit/verdicts.ts";
import type { SpendPoint, Watched } from "../model/ports.ts";

/** A run that ended. */
export type Past = {
  readonly run: Run;
  /** It was ended before its time: what it would have come to is at least what it came to. */
  readonly stopped: boolean;
  /** What a person said of its stop, whether it was carried out or only observed. */
  readonly verdict?: Verdict;
  /** What it had cost at instants in between, as recorded. */
  readonly curve?: readonly SpendPoint[];
  /** How it was watched; absent of what Apify's list has, and of what was recorded before this was kept. */
  readonly watched?: Watched;
  /** When a tick recorded what it came to: by then it was known. Absent where no tick watched it. */
  readonly toldAt?: Date;
  /** How many lives it had, where that is known; a resurrected run has more than one. */
  readonly lives?: number;
};

/** What is known of a span of time, in the order in which the runs began. */
export type History = {
  /**
   * `ledger`: what the watchdog recorded. `apify`: the account's list of runs, as Apify has it or had it when it was read.
   * `both`: the list for the time before the watchdog looked.
   */
  readonly source: "ledger" | "apify" | "both";
  readonly from: Date;
  readonly until: Date;
  /** Those that ended, and whose figures rest. */
  readonly runs: readonly Past[];
  /** How many more there are: live, just ended, or in a status that is not known. */
  readonly open: number;
  /** How many more Apify listed in a way that can't be read. */
  readonly malformed?: number;
};

/**
 * In truth a rule had to leave it alone: a person said so, or it succeeded and no one said otherwise. Of one that was planned a
 * person knew that it would pass its limit.
 */
export const isHealthy = ({ run, verdict }: Pick<Past, "run" | "verdict">): boolean =>
  verdict === undefined ? run.status === "SUCCEEDED" : verdict === "wrong";

/** One life only: of a run with several it is not known which one cost what, and when. */
export const isSingle = ({ lives = 1 }: Past): boolean => lives <= 1;

/** What a limit can be suggested for. */
export const QUANTITIES = ["usd", "runTime"] as const;
export type Quantity = (typeof QUANTITIES)[number];

/** The metric of the policy that limits it. */
export const METRICS: Readonly<Record<Quantity, string>> = { usd: "usageTotalUsd", runTime: "runTime" };

/** So long after its end a run's figures may still move. */
const SETTLES_AFTER_MS = 15 * 60_000;

export const isSettled = ({ status, finishedAt }: Run, at: Date): boolean =>
  isEnded(status) && finishedAt !== undefined && at.getTime() - finishedAt.getTime() >= SETTLES_AFTER_MS;

/** How many lives a run had: its detail says it, and no list. */
export const livesOf = ({ settings, detail }: Run): number | undefined =>
  settings === undefined ? undefined : (detail?.resurrectCount ?? 0) + 1;

function costOf({ run: { usageTotalMicroUsd: cost } }: Past): MicroUsd | undefined {
  return Number.isFinite(cost) ? cost : undefined;
}

/**
 * From start to end: at least what `runTime` measures, which leaves out the queue. Of a run with several lives it is not
 * known: the time between them is in it.
 */
function secsOf({ run: { startedAt, finishedAt }, lives = 1 }: Past): number | undefined {
  if (finishedAt === undefined || lives > 1) return undefined;
  const secs = (finishedAt.getTime() - startedAt.getTime()) / 1000;
  return secs >= 0 ? secs : undefined;
}

/** What the run came to, in micro-dollars or in seconds; `undefined` where that is not known. */
export const FIGURES: Readonly<Record<Quantity, (past: Past) => number | undefined>> = {
  usd: costOf,
  runTime: secsOf,
};
