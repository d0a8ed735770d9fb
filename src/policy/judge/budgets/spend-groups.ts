import { isYoungLife } from "../../limits/limit.ts";
import { type BudgetRule, basisOf } from "../../policy.ts";
import { countingWithin, type Spender, sumCells } from "../../spend/cells.ts";
import {
  type LedgerView,
  type LiveSpend,
  type Named,
  type Recorded,
  type Unpriced,
  unrecordedOf,
} from "../../spend/ledger-view.ts";
import type { Window } from "../../spend/windows.ts";
import { matchSpender } from "../selector.ts";
import { groupByCell, unrecordedEarlier } from "./earlier-names.ts";

/** The group of a rule that a spender belongs to. A run without a task is in no group of tasks, and one that no schedule started in none of schedules. */
export function groupOf(
  { budget }: BudgetRule,
  { actorId, actorTaskId, scheduleId, origin }: Spender,
): string | undefined {
  const groups = { account: "account", actor: actorId, task: actorTaskId, schedule: scheduleId, origin };
  return groups[budget.each];
}

/** The group of a rule whose budget a spender uses up, if any. */
export function groupFor(rule: BudgetRule, spender: Spender & Named): string | undefined {
  return matchSpender(rule.for, { ...spender, run: spender }).kind === "match"
    ? groupOf(rule, spender)
    : undefined;
}

/** Sums over the same reading are asked for again before every call. */
const sums = new WeakMap<
  Recorded,
  Map<BudgetRule, { window: Window; groups: ReadonlyMap<string, number> }>
>();

function recordedBy(rule: BudgetRule, recorded: Recorded, window: Window): ReadonlyMap<string, number> {
  const ofReading = sums.get(recorded) ?? new Map();
  sums.set(recorded, ofReading);
  const found = ofReading.get(rule);
  if (found && found.window.from.getTime() === window.from.getTime()) return found.groups;
  const groups = sumCells(
    recorded.cells,
    window,
    groupByCell(recorded, (spender) => groupFor(rule, spender)),
    rule.budget.of,
  );
  ofReading.set(rule, { window, groups });
  return groups;
}

/** What a group has of its budget's quantity in a window, and its runs. */
export type Group = {
  /** In micro-dollars, or a count. */
  readonly spent: number;
  readonly live: readonly LiveSpend[];
  /** Of a budget in money. */
  readonly runsOfUnknownCost: number;
};

/** Has a live run cost something that Apify does not report? Past the first two minutes, in which that means nothing. */
export const isUntold = (
  { usageTotalMicroUsd: cost, startedAt }: Pick<LiveSpend, "usageTotalMicroUsd" | "startedAt">,
  now: Date,
): boolean => !Number.isFinite(cost) && !isYoungLife({ since: startedAt }, now);

/** Does a part of the run's time lie in the window? */
export const isWithin = (
  { startedAt, finishedAt }: Pick<Unpriced, "startedAt" | "finishedAt">,
  { from, to }: Window,
): boolean => startedAt < to && finishedAt > from;

const asksForAccount = ({ steps }: BudgetRule): boolean => steps.some((step) => basisOf(step) === "account");

/** What each group of a rule has spent in the window, and its live runs. */
export function groupsOf(
  rule: BudgetRule,
  ledger: LedgerView,
  window: Window,
  now: Date,
): ReadonlyMap<string, Group> {
  const recorded = recordedBy(rule, ledger.recorded, window);
  const live = Map.groupBy(ledger.live, (each) => groupFor(rule, each));
  const counted = countingWithin(window);
  const { of } = rule.budget;
  const earlier = unrecordedEarlier(ledger.live, (spender) => groupFor(rule, spender), counted, of);
  const isMoney = of === "usd";
  const unpriced = isMoney ? (ledger.unpriced ?? []).filter((each) => isWithin(each, window)) : [];
  const ended = Map.groupBy(unpriced, (each) => groupFor(rule, each));
  // Apify's own figure is of the account, whether any run of it spent anything or not.
  const always = asksForAccount(rule) ? ["account"] : [];
  const names = new Set([...recorded.keys(), ...live.keys(), ...ended.keys(), ...earlier.keys(), ...always]);
  return new Map(
    [...names].flatMap((group): [string, Group][] => {
      if (group === undefined) return [];
      const ofGroup = live.get(group) ?? [];
      const unrecorded = ofGroup.reduce((sum, each) => sum + counted(unrecordedOf(each, of)), 0);
      const untold = isMoney ? ofGroup.filter((each) => isUntold(each, now)).length : 0;
      const runsOfUnknownCost = untold + (ended.get(group)?.length ?? 0);
      const spent = (recorded.get(group) ?? 0) + unrecorded + (earlier.get(group) ?? 0);
      return [[group, { spent, live: ofGroup, runsOfUnknownCost }]];
    }),
  );
}
