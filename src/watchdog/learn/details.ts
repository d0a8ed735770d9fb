import {
  isBudgetRule,
  matchSelector,
  type Policy,
  type Rule,
  type Run,
  type RunSettings,
} from "../../policy/index.ts";
import { FIGURES, type History, livesOf, type Past, type Quantity } from "./past.ts";
import { needsOf } from "./simulated.ts";
import type { BacktestStop } from "./stops.ts";
import type { NamesOfRun } from "./suggest/check-limits.ts";
import { groupsOf } from "./suggest/groups.ts";

/** Which runs must be read in full, one by one, for what Apify's list does not say of them. */

/** A run of which all is told that its detail tells. */
const TOLD_ALL: Required<RunSettings> = {
  build: "latest",
  buildNumber: "0.0.1",
  memoryMbytes: 1,
  timeoutSecs: 1,
  pricingModel: "FREE",
  maxTotalChargeMicroUsd: 1,
  capSetByUser: true,
  maxItems: 1,
  restartOnError: false,
};

const isRead = ({ run }: Past): boolean => run.settings !== undefined;
const isUnpriced = ({ run }: Past): boolean => run.usageTotalMicroUsd === undefined;

/** Does the rule rest on something of the run that is not known, and that its detail would tell? */
const isMissing = (rule: Rule, past: Past): boolean => {
  const told = { ...past, run: { ...past.run, settings: TOLD_ALL } };
  if (needsOf(rule).some(({ isKnown }) => !isKnown(past) && isKnown(told))) return true;
  return isUnpriced(past) && (isBudgetRule(rule) || rule.limit.metric === "usageTotalUsd");
};

const idsOf = (past: readonly Past[]): readonly string[] => past.map(({ run }) => run.id);

/** Those that a rule of the policy may apply to, and can't be judged by it. */
export const wantedByPolicy = (
  { rules }: Policy,
  { runs }: History,
  namesOf: NamesOfRun,
): readonly string[] =>
  idsOf(
    runs.filter((past) => {
      if (isRead(past)) return false;
      const seen = { run: past.run, ...namesOf(past.run) };
      return rules.some((rule) => isMissing(rule, past) && matchSelector(rule.for, seen).kind !== "no");
    }),
  );

/** Of how many lives they are is not known; where it is more than one, their times say nothing. */
const isOfUnknownLives = (past: Past): boolean => past.lives === undefined && !isRead(past);

/** Those that would have been stopped at an instant at which a run that was resurrected may not have run. */
export function wantedByStops(stops: readonly BacktestStop[], { runs }: History): readonly string[] {
  const stopped = new Set(stops.filter(({ hangsOnLives }) => hangsOnLives).map(({ runId }) => runId));
  return idsOf(runs.filter((past) => stopped.has(past.run.id) && isOfUnknownLives(past)));
}

/** For a limit on cost those without one; for one on time, of each task and Actor, the one that took longest. */
export function wantedBySuggestion(quantity: Quantity, { runs }: History): readonly string[] {
  if (quantity === "usd") return idsOf(runs.filter((past) => isUnpriced(past) && !isRead(past)));
  return groupsOf(runs).flatMap(({ past }) => {
    const figure = (each: Past): number => FIGURES.runTime(each) ?? 0;
    const compared = past.filter(({ run, stopped }) => stopped || run.status === "SUCCEEDED");
    const [first, ...rest] = compared;
    if (first === undefined) return [];
    const longest = rest.reduce((a, b) => (figure(b) > figure(a) ? b : a), first);
    return isOfUnknownLives(longest) ? [longest.run.id] : [];
  });
}

/** The history with what was read in full since. */
export function withDetails(history: History, read: ReadonlyMap<string, Run>): History {
  const runs = history.runs.map((past): Past => {
    const detailed = read.get(past.run.id);
    if (detailed === undefined) return past;
    const { settings, usageTotalMicroUsd } = detailed;
    const lives = past.lives ?? livesOf(detailed);
    const cost = usageTotalMicroUsd !== undefined && { usageTotalMicroUsd };
    return {
      ...past,
      run: { ...cost, ...past.run, ...(settings && { settings }) },
      ...(lives !== undefined && { lives }),
    };
  });
  return { ...history, runs };
}
