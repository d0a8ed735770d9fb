import { type Known, known, type Measurement } from "../limits/limit.ts";
import { isRow, TWO_LOOKS_SECS } from "../limits/looks.ts";
import { type BudgetRule, basisOf, isBudgetRule, type Policy, type RuleStep } from "../policy.ts";
import type { BudgetPlace } from "../spend/budget-place.ts";
import { countingWithin, type Spender, spenderKey, sumCells } from "../spend/cells.ts";
import type { LedgerView, LiveSpend, Named, Recorded } from "../spend/ledger-view.ts";
import { burnOf, projected } from "../spend/projection.ts";
import { type Window, windowAt } from "../spend/windows.ts";
import type { MicroUsd } from "../values/money.ts";
import { isOpen } from "../values/schedule.ts";
import { matchSpender } from "./selector.ts";
import type { Evidence, Verdict } from "./verdict.ts";
import { type Figures, weigh } from "./weigh.ts";

/** Why a budget may not stop anything now. */
export type BudgetGuard = "unfilledWindow" | "staleLedger";

/** Where the budget of one group stands. */
export type BudgetStanding = {
  readonly rule: BudgetRule;
  readonly place: BudgetPlace;
  readonly spentMicroUsd: MicroUsd;
  /** What its live runs burn together, as far as that is measured. */
  readonly burnMicroUsdPerHour: number;
  readonly figures: Figures;
  readonly verdict: Verdict;
  readonly guard?: BudgetGuard;
};

/** Where every budget stands, by rule and group; or why nobody can tell of a rule. */
export type BudgetStandings = {
  readonly groups: ReadonlyMap<string, BudgetStanding>;
  readonly unknown: ReadonlyMap<string, Verdict & { readonly kind: "unknown" }>;
};

/** The metric of all budgets. */
export const BUDGET = "budget";

/** Names the budget of one group among all. */
export const standingKey = (rule: BudgetRule, group: string): string => `${rule.id}/${group}`;

/** The group of a rule that a spender belongs to. A run without a task is in no group of tasks. */
export function groupOf(
  { budget }: BudgetRule,
  { actorId, actorTaskId, origin }: Spender,
): string | undefined {
  const groups = { account: "account", actor: actorId, task: actorTaskId, origin };
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
  Map<BudgetRule, { window: Window; groups: ReadonlyMap<string, MicroUsd> }>
>();

function recordedBy(rule: BudgetRule, recorded: Recorded, window: Window): ReadonlyMap<string, MicroUsd> {
  const ofReading = sums.get(recorded) ?? new Map();
  sums.set(recorded, ofReading);
  const found = ofReading.get(rule);
  if (found && found.window.from.getTime() === window.from.getTime()) return found.groups;
  const groupsBySpender = new Map<string, string | undefined>();
  const groups = sumCells(recorded.cells, window, (cell) => {
    const key = spenderKey(cell);
    if (!groupsBySpender.has(key))
      groupsBySpender.set(key, groupFor(rule, { ...cell, ...recorded.nameOf(cell) }));
    return groupsBySpender.get(key);
  });
  ofReading.set(rule, { window, groups });
  return groups;
}

/** Under what the looks of a projection at a step are remembered. */
export const lookKeyOf = (
  { rule, place: { group, from } }: Pick<BudgetStanding, "rule" | "place">,
  { at }: RuleStep,
) => `${rule.id}@${at}:projected/${group}/${from.toISOString()}/${rule.budget.microUsd}`;

/** Since when a projection has been at a step, as far as looks in a row tell. */
export const projectedSince = ({ looks, lookedAt, readAt }: LedgerView, key: string): Date | undefined =>
  isRow(lookedAt, readAt) ? looks[key] : undefined;

function guardOf(policy: Policy, ledger: LedgerView, { from }: Window, now: Date): BudgetGuard | undefined {
  const { completeSince, lastCompleteAt, gap } = ledger;
  if (completeSince === undefined || completeSince > from) return "unfilledWindow";
  const isOld =
    lastCompleteAt === undefined ||
    now.getTime() - lastCompleteAt.getTime() > policy.guards.staleAfterSecs * 1000;
  return isOld || gap !== undefined ? "staleLedger" : undefined;
}

type Group = { readonly spentMicroUsd: MicroUsd; readonly live: readonly LiveSpend[] };

/** What each group of a rule has spent in the window, and its live runs. */
function groupsOf(rule: BudgetRule, ledger: LedgerView, window: Window): ReadonlyMap<string, Group> {
  const recorded = recordedBy(rule, ledger.recorded, window);
  const live = Map.groupBy(ledger.live, (each) => groupFor(rule, each));
  const counted = countingWithin(window);
  const names = new Set([...recorded.keys(), ...live.keys()]);
  return new Map(
    [...names].flatMap((group): [string, Group][] => {
      if (group === undefined) return [];
      const ofGroup = live.get(group) ?? [];
      const unrecorded = ofGroup.reduce((sum, each) => sum + counted(each.unrecorded), 0);
      return [[group, { spentMicroUsd: (recorded.get(group) ?? 0) + unrecorded, live: ofGroup }]];
    }),
  );
}

function judgeGroup(
  policy: Policy,
  rule: BudgetRule,
  place: BudgetPlace,
  { spentMicroUsd, live }: Group,
  ledger: LedgerView,
  now: Date,
): BudgetStanding {
  const { budget, steps } = rule;
  const figures = new Map(
    [...new Set(steps.map(basisOf))].map((basis): [typeof basis, Measurement] => {
      if (basis !== "projected") return [basis, known(spentMicroUsd)];
      return [basis, projected({ spentMicroUsd, live }, place, now)];
    }),
  );
  const waitsFor = (step: RuleStep) => {
    if (step.schedule && !isOpen(step.schedule, now)) return "its schedule";
    if (step.basis !== "projected") return undefined;
    const since = projectedSince(ledger, lookKeyOf({ rule, place }, step));
    const isSecond = since && ledger.readAt.getTime() - since.getTime() >= TWO_LOOKS_SECS * 1000;
    return isSecond ? undefined : "a second look";
  };
  const evidence = (basis: Evidence["basis"], figure: Known): Evidence => ({
    metric: BUDGET,
    measured: figure.value,
    limit: budget.microUsd,
    unit: "USD",
    observedAt: ledger.readAt,
    source: "ledger",
    basis,
    ...(figure.facts && { facts: figure.facts }),
    budget: place,
  });
  const verdict = weigh({
    ruleId: rule.id,
    metric: BUDGET,
    steps,
    figures,
    limit: budget.microUsd,
    waitsFor,
    evidence,
  });
  const guard = guardOf(policy, ledger, place, now);
  const burnMicroUsdPerHour = burnOf(live);
  return { rule, place, spentMicroUsd, burnMicroUsdPerHour, figures, verdict, ...(guard && { guard }) };
}

/** Where the budgets of a policy stand, each group's in the window that is now. */
export function standingsOf(policy: Policy, ledger: LedgerView, now: Date): BudgetStandings {
  const groups = new Map<string, BudgetStanding>();
  const blind = new Map<string, Verdict & { readonly kind: "unknown" }>();
  for (const rule of policy.rules.filter(isBudgetRule)) {
    const { per, each } = rule.budget;
    const window = windowAt(rule.budget, now, ledger.cycle);
    if (window === undefined) {
      blind.set(rule.id, { ...unknownBudget("Apify has not told its usage cycle"), young: false });
      continue;
    }
    for (const [group, found] of groupsOf(rule, ledger, window)) {
      const place = { per, each, group, ...window };
      groups.set(standingKey(rule, group), judgeGroup(policy, rule, place, found, ledger, now));
    }
  }
  return { groups, unknown: blind };
}

const unknownBudget = (reason: string) => ({ kind: "unknown" as const, metric: BUDGET, reason, young: true });

/** What a budget says of a run that it selects: that of its group. `undefined`: the run is in none. */
export function standingFor(
  rule: BudgetRule,
  spender: Spender,
  standings: BudgetStandings | undefined,
): BudgetStanding | (Verdict & { readonly kind: "unknown" }) | undefined {
  if (standings === undefined) return unknownBudget("the ledger was not read");
  const blind = standings.unknown.get(rule.id);
  if (blind) return blind;
  const group = groupOf(rule, spender);
  return group === undefined ? undefined : standings.groups.get(standingKey(rule, group));
}
