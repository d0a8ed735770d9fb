import {
  type BudgetPlace,
  type BudgetRule,
  knownSince,
  type Policy,
  standingsOf,
  type Window,
  windowAt,
} from "../../policy/index.ts";
import { budgetsOf, readSnapshot, viewLedger } from "../ledger/ledger.ts";
import { type Live, NO_BUDGET_MEMORY } from "../model/live.ts";
import type { KnownReads, LedgerReads, LedgerState } from "../model/ports.ts";
import { storedNames } from "../observe/known.ts";

/** What one group spent in one window of a budget. */
export type BudgetSpent = {
  readonly place: BudgetPlace;
  /** In micro-dollars, or a count. */
  readonly spent: number;
  readonly runsOfUnknownCost: number;
};

/** A budget over a span: each window that the span touches, whole, up to now. */
export type BudgetOver = {
  readonly rule: BudgetRule;
  readonly windows: number;
  /** Those of which the ledger does not know all. */
  readonly notAllKnown: number;
  /** By whom and in which window its limit was reached, the most first. */
  readonly over: readonly BudgetSpent[];
  /** In some of the windows there were runs whose cost is not known: its limit may have been reached without being among them. */
  readonly hasUnknownCost: boolean;
  /** Where most was spent; absent where nothing was, as far as is known. */
  readonly most?: BudgetSpent;
  /** Of the window that is now, where the span reaches until now: the most spent first. */
  readonly current: readonly BudgetSpent[];
};

function windowsOf(
  { budget }: BudgetRule,
  span: Window,
  now: Date,
  { cycle }: LedgerState,
): readonly Window[] {
  const end = now < span.to ? now : span.to;
  if (budget.per === "cycle") {
    const window = windowAt(budget, new Date(end.getTime() - 1), cycle);
    return window ? [window] : [];
  }
  const windows: Window[] = [];
  for (let at = span.from; at < end; ) {
    const window = windowAt(budget, at, cycle);
    if (window === undefined) break;
    windows.push(window);
    at = window.to;
  }
  return windows;
}

/** What the budgets of a policy would say of every window that a span touches, by what the ledger knows now. */
export async function budgetsOver(
  state: LedgerReads & KnownReads,
  policy: Policy,
  { runs, recordings = 0, completeAt, budgets = NO_BUDGET_MEMORY }: Live,
  span: Window,
  now: Date,
): Promise<readonly BudgetOver[]> {
  const rules = budgetsOf(policy);
  if (rules.length === 0) return [];
  const ledger = await state.readLedger();
  const windowsBy = new Map(rules.map((rule) => [rule, windowsOf(rule, span, now, ledger)]));
  const snapshot = await readSnapshot(state, runs, {
    recordings,
    windows: [...windowsBy.values()].flat(),
    now,
    asleepUntil: completeAt,
  });
  const live = [...snapshot.live.values()];
  const nameOf = await storedNames(state, [...snapshot.cells, ...live.map(({ run }) => run)]);
  const recorded = { cells: snapshot.cells, nameOf };
  const view = viewLedger(live, { recorded, readAt: now, state: ledger, budgets, completeAt });
  return rules.map((rule) => {
    const windows = windowsBy.get(rule) ?? [];
    const spentIn = ({ to }: Window): readonly BudgetSpent[] => {
      const at = to > now ? now : new Date(to.getTime() - 1);
      const { groups } = standingsOf({ ...policy, rules: [rule] }, view, at);
      return [...groups.values()]
        .map(({ place, spent, runsOfUnknownCost }) => ({ place, spent, runsOfUnknownCost }))
        .filter(({ spent, runsOfUnknownCost }) => spent !== 0 || runsOfUnknownCost > 0);
    };
    const mostFirst = (all: readonly BudgetSpent[]) => all.toSorted((a, b) => b.spent - a.spent);
    const all = mostFirst(windows.flatMap(spentIn));
    const [most] = all;
    const since = knownSince(ledger, rule.budget.of);
    return {
      rule,
      windows: windows.length,
      notAllKnown: windows.filter(({ from }) => since === undefined || since > from).length,
      over: all.filter(({ spent }) => spent >= rule.budget.limit),
      hasUnknownCost: all.some(({ runsOfUnknownCost }) => runsOfUnknownCost > 0),
      ...(most && { most }),
      current: all.filter(({ place }) => place.from <= now && now < place.to && now <= span.to),
    };
  });
}
