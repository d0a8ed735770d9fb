import {
  type BudgetStandings,
  groupFor,
  HOUR_MS,
  isActive,
  type LedgerView,
  type MicroUsd,
  nextBudgetInstant,
  nextInstant,
  type Observation,
  type Policy,
  standingKey,
  standingsOf,
} from "../../policy/index.ts";
import { budgetsOf } from "../ledger/ledger.ts";
import type { Judged } from "./context.ts";

/** What to look at, and when: some runs, or all that are live, for a budget. */
export type Due = { readonly at: Date; readonly runIds: readonly string[]; readonly budget: boolean };

/** Instants so near to each other are one look. */
const TOGETHER_MS = 250;
/** A look comes just after the instant that it waits for, so that it need not be repeated. */
const JUST_AFTER_MS = 20;

/** Looks that found nothing new come at longer and longer intervals, from a second to this. */
const LONGEST_INTERVAL_MS = 15_000;
const SHORTEST_INTERVAL_MS = 1_000;

type Looked = {
  readonly figure: number | undefined;
  readonly at: Date;
  readonly intervalMs: number;
  /** How fast it grew between the last two looks. */
  readonly microUsdPerHour?: number;
};

/** What was looked at in this wait: how fast it really grows, and that looks in vain become rarer. */
export class Looks {
  readonly #looked = new Map<string, Looked>();

  /** Something was looked at, and this is its figure. */
  note(key: string, figure: number | undefined, at: Date): void {
    const last = this.#looked.get(key);
    const isSame = last !== undefined && last.figure === figure;
    const intervalMs = isSame ? Math.min(last.intervalMs * 2, LONGEST_INTERVAL_MS) : SHORTEST_INTERVAL_MS;
    const elapsedMs = last ? at.getTime() - last.at.getTime() : 0;
    const grown = last && figure !== undefined && last.figure !== undefined ? figure - last.figure : 0;
    const pace = grown > 0 && elapsedMs > 0 ? { microUsdPerHour: (grown * HOUR_MS) / elapsedMs } : {};
    this.#looked.set(key, { figure, at, intervalMs, ...pace });
  }

  /** The instant, or when the next look may be. */
  after(key: string, at: Date): number {
    const { at: last, intervalMs } = this.#looked.get(key) ?? { at: new Date(0), intervalMs: 0 };
    return Math.max(at.getTime() + JUST_AFTER_MS, last.getTime() + intervalMs);
  }

  /** The run as it goes on: where two looks have told its pace, at that, and not at what it was at its fastest. */
  paced(observation: Observation): Observation {
    const { microUsdPerHour: pace } = this.#looked.get(observation.run.id) ?? {};
    return pace === undefined
      ? observation
      : { ...observation, burnMicroUsdPerHour: pace, peakBurnMicroUsdPerHour: pace };
  }
}

export const BUDGETS_KEY = "budgets";

/** The live runs whose spend a budget counts, by its rule and group. */
function membersOf(
  policy: Policy,
  observations: readonly Observation[],
): ReadonlyMap<string, readonly Observation[]> {
  const members = new Map<string, readonly Observation[]>();
  for (const rule of budgetsOf(policy)) {
    const groups = Map.groupBy(observations, (each) => groupFor(rule, { ...each, ...each.run }));
    for (const [group, all] of groups) if (group !== undefined) members.set(standingKey(rule, group), all);
  }
  return members;
}

function budgetAt(
  policy: Policy,
  { groups }: BudgetStandings,
  { readAt }: LedgerView,
  observations: readonly Observation[],
  judged: ReadonlyMap<string, MicroUsd>,
): Date | undefined {
  const members = membersOf(policy, observations);
  const instants = [...groups].flatMap(
    ([key, standing]) =>
      nextBudgetInstant(standing, members.get(key) ?? [], { readAt }, judged.get(key)) ?? [],
  );
  return instants.length > 0 ? new Date(Math.min(...instants.map((each) => each.getTime()))) : undefined;
}

/** What is to be looked at next, and when. `undefined`: nothing that could be foreseen. */
export function nextDue(
  policy: Policy,
  observations: readonly Observation[],
  {
    ledger,
    looks,
    judged,
    now,
  }: {
    readonly ledger: LedgerView | undefined;
    readonly looks: Looks;
    readonly judged: Pick<Judged, "runs" | "spent">;
    readonly now: Date;
  },
): Due | undefined {
  const budgets = ledger && standingsOf(policy, ledger, now);
  const runs = observations.flatMap((observation) => {
    // What was reached while others were looked at is due at once.
    const judgedAt = judged.runs.get(observation.run.id) ?? now;
    const at = nextInstant(policy, looks.paced(observation), judgedAt, { budgets });
    return at ? [{ id: observation.run.id, at: looks.after(observation.run.id, at) }] : [];
  });
  const active = observations.filter(({ run }) => isActive(run.status));
  const budget = ledger && budgets && budgetAt(policy, budgets, ledger, active, judged.spent);
  const budgetMs = budget ? looks.after(BUDGETS_KEY, budget) : Number.POSITIVE_INFINITY;
  const first = Math.min(budgetMs, ...runs.map(({ at }) => at));
  if (!Number.isFinite(first)) return undefined;
  return {
    at: new Date(first),
    runIds: runs.filter(({ at }) => at <= first + TOGETHER_MS).map(({ id }) => id),
    budget: budgetMs <= first + TOGETHER_MS,
  };
}
