import { type MicroUsd, toUsd } from "../../src/policy/index.ts";
import type { Backtest } from "../../src/watchdog/learn/backtest.ts";
import { STOPS_WITHIN_MS, TIMES_MEAN } from "../../src/watchdog/learn/known-cost.ts";
import type { History } from "../../src/watchdog/learn/past.ts";
import type { BacktestStop } from "../../src/watchdog/learn/stops.ts";
import { csv } from "../show/csv.ts";
import type { NameOf } from "./names.ts";

const range = ({ from, to }: { readonly from: MicroUsd; readonly to: MicroUsd }) => ({
  from: toUsd(from),
  to: toUsd(to),
});

const stopTold = (stop: BacktestStop, nameOf: NameOf) => {
  const { runId, actorId, actorTaskId, ruleId, at, status, verdict, isWrong, costMicroUsd, sure } = stop;
  return {
    runId,
    actorId,
    actor: nameOf("actor", actorId),
    actorTaskId,
    task: nameOf("task", actorTaskId),
    ruleId,
    at,
    status,
    verdict: verdict ?? null,
    costUsd: costMicroUsd === undefined ? null : toUsd(costMicroUsd),
    savedUsd: costMicroUsd === undefined ? null : range(stop.savedMicroUsd),
    sure,
    wrong: isWrong,
  };
};

/** What two policies would have stopped, and the other would not. */
export const differenceTold = (one: Backtest, other: Backtest) => {
  const [here, there] = [one, other].map(({ stops }) => new Set(stops.map(({ runId }) => runId)));
  return {
    stops: other.stops.length,
    savedUsd: range(other.savedMicroUsd),
    wrongStops: other.wrongStops,
    onlyByThis: one.stops.flatMap(({ runId }) => (there?.has(runId) ? [] : [runId])),
    onlyByThat: other.stops.flatMap(({ runId }) => (here?.has(runId) ? [] : [runId])),
  };
};

/** A back-test for programs; `notes`: what a reader must know of where the history comes from. Money in USD, instants in ISO 8601, rates as fractions. */
export const backtestTold = (
  { coverage, stops, savedMicroUsd, wrongStops, nearMisses, missed, noticesPerDay }: Backtest,
  { source, from, until }: History,
  policy: string,
  nameOf: NameOf,
  notes: readonly string[],
) => ({
  policy,
  source,
  from,
  until,
  notes,
  coverage: { ...coverage, overshoot: { withinSecs: STOPS_WITHIN_MS / 1000, timesMeanRate: TIMES_MEAN } },
  stops: stops.map((each) => stopTold(each, nameOf)),
  savedUsd: range(savedMicroUsd),
  wrongStops,
  nearMisses,
  missed: missed.map(({ costMicroUsd, ...each }) => ({ ...each, costUsd: toUsd(costMicroUsd) })),
  noticesPerDay,
});

/** A line for each stop. */
export const backtestCsv = ({ stops }: Backtest, nameOf: NameOf): string =>
  csv(
    [
      "runId",
      "actor",
      "task",
      "ruleId",
      "from",
      "to",
      "status",
      "costUsd",
      "savedUsdFrom",
      "savedUsdTo",
      "sure",
      "verdict",
      "wrong",
    ],
    stops.map((stop) => {
      const told = stopTold(stop, nameOf);
      const { runId, actor, actorId, task, ruleId, at, status, costUsd, savedUsd, sure, verdict, wrong } =
        told;
      const [from, to] = [at.from.toISOString(), at.to.toISOString()];
      return [
        runId,
        actor ?? actorId,
        task,
        ruleId,
        from,
        to,
        status,
        costUsd ?? undefined,
        savedUsd?.from,
        savedUsd?.to,
        sure ? "yes" : "no",
        verdict ?? undefined,
        wrong ? "yes" : "no",
      ];
    }),
  );
