import { DAY_MS, formatCount, type MicroUsd, type Policy } from "../../policy/index.ts";
import { countVerdicts, type Verdict } from "../audit/verdicts.ts";
import { applyingTo } from "./applying.ts";
import { upperEnd } from "./binomial.ts";
import { type Missed, missedAmong, type NearMiss, nearest } from "./left-alone.ts";
import { leftOut } from "./left-out.ts";
import type { Replayed } from "./looks.ts";
import { type History, isHealthy, isSingle } from "./past.ts";
import { simulated } from "./simulated.ts";
import { type BacktestStop, type Range, replayedOf, savedByAll, stopsOf } from "./stops.ts";
import type { NamesOfRun } from "./suggest/check-limits.ts";

export type Backtest = {
  readonly coverage: {
    readonly runs: number;
    /** Those of which more is known than what they came to. */
    readonly withCurve: number;
    readonly days: number;
    readonly notSimulated: readonly string[];
  };
  readonly stops: readonly BacktestStop[];
  readonly savedMicroUsd: Range<MicroUsd>;
  /** `successes`: runs that were to be left alone, stopped or not; `judged`: stops of runs that a person judged, by verdict. */
  readonly wrongStops: {
    readonly count: number;
    readonly successes: number;
    readonly atMost95: number;
    readonly judged: Readonly<Record<Verdict, number>>;
  };
  readonly nearMisses: readonly NearMiss[];
  readonly missed: readonly Missed[];
  /** Of what people would be sent: one for each stop, and for each step that notifies. */
  readonly noticesPerDay: number;
};

/** Of a run that is stopped at an instant it must be known that it was not between two lives then. */
function livesUnknown(stops: readonly BacktestStop[], runs: readonly Replayed[]): readonly string[] {
  const unsure = new Set(stops.filter(({ hangsOnLives }) => hangsOnLives).map(({ runId }) => runId));
  const unknown = runs.filter(({ run, lives }) => lives === undefined && unsure.has(run.id)).length;
  if (unknown === 0) return [];
  return [
    `whether ${formatCount(unknown, "run")} among the stops had been resurrected: Apify's list does not say`,
  ];
}

/**
 * Replays a policy on what happened, with the very `decide` of the tick. What is not known is a range: each run is followed as
 * if it had cost what it came to as early as can be, and as late; which rule would have stopped it, the straight line says.
 */
export function backtest(whole: Policy, history: History, namesOf: NamesOfRun): Backtest {
  const single = history.runs.filter(isSingle);
  const runs = replayedOf(single, namesOf);
  const { policy, notSimulated } = simulated(whole, runs);
  const applying = applyingTo(policy);
  const { stops, notices } = stopsOf(policy, runs, history.from, applying);
  const stopped = new Set(stops.map(({ runId }) => runId));
  const successes = runs.filter(isHealthy);
  const wrong = stops.filter(({ isWrong }) => isWrong).length;
  // Of a success whose cost is not known, rules on cost say nothing: it is no trial that went well.
  const isByTime = policy.rules.every(({ limit }) => limit?.metric === "runTime");
  const judged = successes.filter(
    ({ run, cost }) => isByTime || cost !== undefined || stopped.has(run.id),
  ).length;
  const days = (history.until.getTime() - history.from.getTime()) / DAY_MS;
  // Where old runs were deleted, the days before the first that is left had notices that nothing tells of.
  const [first] = runs;
  const since = first ? (history.until.getTime() - first.run.startedAt.getTime()) / DAY_MS : days;
  const known = Math.max(since, Math.min(1, days));
  return {
    coverage: {
      runs: history.runs.length + history.open + (history.malformed ?? 0),
      withCurve: runs.filter(({ cost }) => (cost?.points.length ?? 0) > 2).length,
      days,
      notSimulated: [...notSimulated, ...leftOut(policy, history, runs), ...livesUnknown(stops, runs)],
    },
    stops,
    savedMicroUsd: savedByAll(stops),
    wrongStops: {
      count: wrong,
      successes: successes.length,
      atMost95: upperEnd(wrong, judged),
      judged: countVerdicts(stops),
    },
    nearMisses: successes
      .filter(({ run }) => !stopped.has(run.id))
      .flatMap((each) => nearest(applying(each).policy, each) ?? [])
      .toSorted((a, b) => b.share - a.share),
    missed: missedAmong(runs, stopped),
    noticesPerDay: known > 0 ? notices / known : 0,
  };
}
