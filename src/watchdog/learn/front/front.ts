import {
  isBudgetRule,
  isStop,
  type LimitRule,
  type MicroUsd,
  matchSelector,
  type Policy,
} from "../../../policy/index.ts";
import { upperEnd } from "../binomial.ts";
import { endOf, type Replayed, startOf } from "../looks.ts";
import { type History, isHealthy, isSingle, METRICS, QUANTITIES, type Quantity } from "../past.ts";
import { simulated } from "../simulated.ts";
import { replayedOf, stopsOf } from "../stops.ts";
import type { NamesOfRun } from "../suggest/check-limits.ts";
import { addBare, addStop, type BareRun, bareRun, type Tally } from "./bare-run.ts";
import { frontLimits } from "./front-limits.ts";

/** What a rule alone would have done with a limit, in this history. */
export type FrontPoint = {
  /** In micro-dollars or seconds. */
  readonly limit: number;
  readonly stops: number;
  /** Those of runs that could not have ended by themselves before. */
  readonly sure: number;
  /** Those of runs that were to be left alone. */
  readonly wrong: number;
  /** Those of runs whose cost is not known: what they saved is in no sum. */
  readonly unknown: number;
  readonly savedMicroUsd: { readonly from: MicroUsd; readonly to: MicroUsd };
};

export type Front = {
  readonly ruleId: string;
  readonly quantity: Quantity;
  /** How many runs the rule selects whose figure is known, and how many of them were to be left alone. */
  readonly runs: number;
  readonly successes: number;
  /** As the policy has it. A limit that this history had no part in has a bound; no other point has one. */
  readonly written: FrontPoint & { readonly atMost95: number };
  /** From the highest limit down, the one of the policy among them. */
  readonly points: readonly FrontPoint[];
};

export type NoFront = { readonly why: string };

/** So many runs that were watched are replayed in all, in a second or two: limits further down, which stop more, are left out. */
const MOST_REPLAYED = 15_000;

/** The rule whose limit can be moved, or why it can't. */
export function movable({ rules }: Policy, ruleId: string): LimitRule | NoFront {
  const rule = rules.find(({ id }) => id === ruleId);
  if (rule === undefined) return { why: "the policy has no such rule" };
  if (isBudgetRule(rule)) return { why: "it is a budget, under which what one run spends stops another" };
  if (!QUANTITIES.some((quantity) => METRICS[quantity] === rule.limit.metric))
    return { why: `its limit is on ${rule.limit.metric}; only usageTotalUsd and runTime can be moved` };
  if (!rule.steps.some(isStop)) return { why: "it has no step that stops a run" };
  return rule;
}

const quantityOf = ({ limit }: LimitRule): Quantity =>
  QUANTITIES.find((quantity) => METRICS[quantity] === limit.metric) ?? "usd";

/** The most that it was ever seen at, in what is limited: beyond that no limit stops it. */
function figureOf(of: Replayed, quantity: Quantity): number | undefined {
  if (quantity === "runTime") return (endOf(of) - startOf(of)) / 1000;
  return of.cost?.points.reduce((most, { microUsd }) => Math.max(most, microUsd), 0);
}

type Trial = { readonly of: Replayed; readonly figure: number; readonly bare: BareRun | undefined };

/** The runs that the rule selects and whose figure is known, from the highest down. */
function trialsOf(rule: LimitRule, { runs }: History, namesOf: NamesOfRun): readonly Trial[] {
  const trials = replayedOf(runs.filter(isSingle), namesOf).flatMap((of): readonly Trial[] => {
    const figure = figureOf(of, quantityOf(rule));
    const isTried = figure !== undefined && matchSelector(rule.for, of).kind === "match";
    return isTried ? [{ of, figure, bare: bareRun(of) }] : [];
  });
  return trials.toSorted((a, b) => b.figure - a.figure);
}

/** What the rule alone does at a limit to the runs that come to it. */
function pointAt(
  policy: Policy,
  rule: LimitRule,
  { limit, bound }: { readonly limit: number; readonly bound: number },
  trials: readonly Trial[],
  since: Date,
): FrontPoint {
  const tally: Tally = { stops: 0, sure: 0, wrong: 0, unknown: 0, savedMicroUsd: { from: 0, to: 0 } };
  const watched: Replayed[] = [];
  for (const { of, figure, bare } of trials) {
    if (figure < bound) break;
    if (bare) addBare(tally, bare, quantityOf(rule), bound);
    else watched.push(of);
  }
  const moved = { ...policy, rules: [{ ...rule, limit: { ...rule.limit, value: limit } }] };
  for (const { sure, isWrong, costMicroUsd: cost, savedMicroUsd } of stopsOf(moved, watched, since).stops)
    addStop(tally, { sure, isWrong, cost, ...savedMicroUsd });
  return { limit, ...tally };
}

/**
 * Moves the limit of one rule over its range, and asks at each limit what the rule alone would have done: with the code of the
 * back-test, which follows each run for itself where there is no budget. Other rules are left out.
 */
export function front(
  whole: Policy,
  ruleId: string,
  history: History,
  namesOf: NamesOfRun,
  mostReplayed = MOST_REPLAYED,
): Front | NoFront {
  const wanted = movable(whole, ruleId);
  if ("why" in wanted) return wanted;
  const { policy, notSimulated } = simulated({ ...whole, rules: [wanted] }, history.runs.filter(isSingle));
  const [rule] = policy.rules;
  if (rule === undefined || isBudgetRule(rule)) return { why: notSimulated.join("; ") };
  const share = rule.steps.find(isStop)?.at;
  if (share === undefined) return { why: "its steps that stop a run rest on estimates" };

  const trials = trialsOf(rule, history, namesOf);
  const boundOf = (limit: number): number => (share * limit) / 100;
  const at = (limit: number): FrontPoint =>
    pointAt(policy, rule, { limit, bound: boundOf(limit) }, trials, history.from);
  const figures = (healthy: boolean): readonly number[] =>
    trials.flatMap(({ of, figure }) => (isHealthy(of) === healthy ? [figure] : []));
  const limits = frontLimits({ healthy: figures(true), others: figures(false) }, quantityOf(rule), share);
  const written = at(rule.limit.value);
  const successes = figures(true).length;
  return {
    ruleId,
    quantity: quantityOf(rule),
    runs: trials.length,
    successes,
    written: { ...written, atMost95: upperEnd(written.wrong, successes) },
    points: [
      ...affordable(limits, trials, boundOf, mostReplayed)
        .filter((limit) => limit !== written.limit)
        .map(at),
      written,
    ].toSorted((a, b) => b.limit - a.limit),
  };
}

/** As many of the limits, from the highest down, as can be tried in good time. */
function affordable(
  limits: readonly number[],
  trials: readonly Trial[],
  boundOf: (limit: number) => number,
  mostReplayed: number,
): readonly number[] {
  let [replayed, seen, reached] = [0, 0, 0];
  const end = limits.findIndex((limit) => {
    for (; (trials[reached]?.figure ?? -1) >= boundOf(limit); reached++) if (!trials[reached]?.bare) seen++;
    replayed += seen;
    return replayed > mostReplayed;
  });
  return end < 0 ? limits : limits.slice(0, end);
}
