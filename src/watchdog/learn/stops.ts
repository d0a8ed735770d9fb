import type { MicroUsd, Policy } from "../../policy/index.ts";
import type { Verdict } from "../audit/verdicts.ts";
import { applyingTo } from "./applying.ts";
import { type KnownCost, knownCost, type Pace, STOPS_WITHIN_MS } from "./known-cost.ts";
import { endOf, type Replayed, startOf } from "./looks.ts";
import { isHealthy, type Past } from "./past.ts";
import { type Replay, replay } from "./replay.ts";
import { mostSpentBy, type Stop } from "./spent-by.ts";
import type { NamesOfRun } from "./suggest/check-limits.ts";
import { typicalThen } from "./typical-then.ts";

/** What lies between the two, both included. */
export type Range<T> = { readonly from: T; readonly to: T };

/** A run that the policy would have stopped, or may have: `sure` says which. */
export type BacktestStop = {
  readonly runId: string;
  readonly actorId: string;
  readonly actorTaskId?: string;
  readonly ruleId: string;
  readonly at: Range<Date>;
  /** How it ended in truth. */
  readonly status: string;
  /** What a person said of a stop of this run. */
  readonly verdict?: Verdict;
  /** It stops a run that was to be left alone. */
  readonly isWrong: boolean;
  /** What it came to; absent where that is not known. */
  readonly costMicroUsd?: MicroUsd;
  /** Both ends 0 where its cost is not known. */
  readonly savedMicroUsd: Range<MicroUsd>;
  /**
   * Not where it may have ended by itself before the stop had taken; nor where that hangs on when it ran, and how many lives
   * it had is not known: between two of them it did not.
   */
  readonly sure: boolean;
  readonly hangsOnLives: boolean;
};

/**
 * What a stop saves: of one on the run's own cost all beyond the step less the overshoot, whatever its curve. `surely`: the one that
 * takes if no other did before it; absent where none is sure.
 */
function savedBy(of: Replayed, stops: readonly Stop[], surely: Stop | undefined): Range<MicroUsd> {
  const { cost } = of;
  if (cost === undefined) return { from: 0, to: 0 };
  const most = surely && isCertain(of, surely) ? [surely.spent] : stops.map((stop) => mostSpentBy(of, stop));
  const least = stops.map(({ spent }) => spent);
  return { from: surely ? cost.final - Math.max(...most) : 0, to: cost.final - Math.min(...least) };
}

/** What they save together, as far as that is known. */
export const savedByAll = (stops: readonly Pick<BacktestStop, "savedMicroUsd">[]): Range<MicroUsd> => ({
  from: stops.reduce((sum, { savedMicroUsd }) => sum + savedMicroUsd.from, 0),
  to: stops.reduce((sum, { savedMicroUsd }) => sum + savedMicroUsd.to, 0),
});

/** Up to when the run was in a state that the metric judges, as far as that was seen. */
function judgedUntil({ watched = {}, ...of }: Replayed, metric: string): number {
  const { activeUntil, readyUntil, stoppingSince } = watched;
  if (metric === "queueTime") return readyUntil?.getTime() ?? startOf(of);
  if (metric === "abortingTime" || stoppingSince === undefined) return endOf(of);
  return (activeUntil ?? stoppingSince).getTime();
}

/** One on the cost of a run that nobody watched takes, whenever it comes, where more is left to cost than it overshoots. */
const isCertain = ({ cost, watched }: Replayed, { decision, spent }: Stop): boolean =>
  decision.evidence.metric === "usageTotalUsd" &&
  watched?.from === undefined &&
  cost !== undefined &&
  cost.final > spent;

/** Does the run live for as long as the latest possible stop takes? */
const isInTime = (of: Replayed, { at, decision }: Stop): boolean =>
  of.lives !== undefined &&
  !(decision.evidence.metric === "usageTotalUsd" && of.watched?.from === undefined) &&
  at + STOPS_WITHIN_MS <= judgedUntil(of, decision.evidence.metric);

/** How the run went at each pace, where it was stopped. */
type Stops = { readonly [P in Pace]: Stop | undefined };

function stopOf(of: Replayed, { early, even, late }: Stops): BacktestStop | undefined {
  const stop = even ?? late ?? early;
  if (stop === undefined) return undefined;
  const { run, cost } = of;
  const end = endOf(of);
  const stops = [late, even, early].filter((each) => each !== undefined);
  // With budgets no pace is the first in all: what one run spends later may let another go on.
  const latest = stops.reduce((a, b) => (b.at > a.at ? b : a));
  const isAlways = stops.length === 3;
  // A limit on time may come before one on cost: that hangs on its lives, and that one of the two stops it does not.
  const certain = [even, early].find((each) => each !== undefined && isCertain(of, each));
  const surely = isAlways ? (certain ?? (isInTime(of, latest) ? latest : undefined)) : undefined;
  return {
    runId: run.id,
    actorId: run.actorId,
    ...(run.actorTaskId !== undefined && { actorTaskId: run.actorTaskId }),
    ruleId: stop.decision.ruleId,
    at: { from: new Date(Math.min(...stops.map(({ at }) => at))), to: new Date(isAlways ? latest.at : end) },
    status: run.status,
    ...(of.verdict && { verdict: of.verdict }),
    isWrong: isHealthy(of),
    ...(cost && { costMicroUsd: cost.final }),
    savedMicroUsd: savedBy(of, stops, surely),
    sure: surely !== undefined,
    hangsOnLives: stops.some(({ decision }) => decision.evidence.metric !== "usageTotalUsd"),
  };
}

/** A run of which only its start, its end and what it came to are known: that is worked out when it is asked for, and not kept. */
class Bare {
  readonly run: Past["run"];
  readonly stopped: boolean;

  constructor(past: Past, names: ReturnType<NamesOfRun>) {
    this.run = past.run;
    this.stopped = past.stopped;
    Object.assign(this, past, names);
  }

  get cost(): KnownCost | undefined {
    return knownCost(this);
  }
}

/** Runs as they are replayed: those of one life, with what is known of their cost and what rules look at. */
export const replayedOf = (runs: readonly Past[], namesOf: NamesOfRun): readonly Replayed[] =>
  runs.map((past): Replayed => {
    const names = namesOf(past.run);
    if (past.curve === undefined) return new Bare(past, names) as Replayed;
    const cost = knownCost(past);
    return { ...past, ...(cost && { cost }), ...names };
  });

/** What a policy would have done about runs, at each pace. */
export function replays(
  policy: Policy,
  runs: readonly Replayed[],
  since: Date,
  applying = applyingTo(policy),
): { readonly [P in Pace]: Replay } {
  const typical = typicalThen(runs);
  const at = (pace: Pace): Replay => replay(policy, runs, { since, pace, applying, typical });
  return { early: at("early"), even: at("even"), late: at("late") };
}

/** The runs that a policy would have stopped, or may have, at each pace. */
export function stopsOf(
  policy: Policy,
  runs: readonly Replayed[],
  since: Date,
  applying = applyingTo(policy),
) {
  const { early, even, late } = replays(policy, runs, since, applying);
  const of = (runId: string): Stops => ({
    early: early.stops.get(runId),
    even: even.stops.get(runId),
    late: late.stops.get(runId),
  });
  const stops = runs.flatMap((each) => stopOf(each, of(each.run.id)) ?? []);
  return { stops, notices: even.notices.size + even.stops.size };
}
