import { budgetLooksAfter, type Decisions, decide, type Policy, standingsOf } from "../../policy/index.ts";
import { type Control, viewOf } from "../model/control.ts";
import {
  type BudgetNotes,
  type InForce,
  type Noting,
  type Observed,
  skip,
  type Timed,
} from "../model/pass.ts";
import { blindBudgets } from "./attention/blind.ts";
import type { Judged } from "./context.ts";

/** What deciding takes: it reads what was seen, and notes up to when that was judged. */
type Deciding = Timed & Observed & InForce & { readonly judged: Judged };

export const NOTHING: Decisions = { decisions: [], budgets: [], holds: [], unknownCost: [], unjudged: {} };

/** Decides on all runs that were observed, or on some, by a control state and by the ledger as it is now. */
export async function decideOn(
  deciding: Deciding,
  policy: Policy,
  control: Control,
  runIds?: Iterable<string>,
): Promise<Decisions> {
  const { judged, liveRunIds, observations, ports, tick } = deciding;
  const ledger = await deciding.ledgerOf(policy);
  const now = ports.clock.now();
  const ids = [...(runIds ?? observations.keys())];
  for (const id of ids) judged.runs.set(id, now);
  const budgets = ledger && standingsOf(policy, ledger, now);
  // A budget's stops are decided only with all of its runs.
  if (budgets && runIds === undefined) {
    for (const [key, { spent }] of budgets.groups) judged.spent.set(key, spent);
    judged.blind = blindBudgets(budgets);
  }
  return decide({
    policy,
    observations: ids.flatMap((id) => observations.get(id) ?? []),
    budgets,
    control: viewOf(control),
    blast: { tick, liveRunIds },
    now,
  });
}

/** Decides on all that was observed, by the control state that the tick began with; and what it could not judge is noted. */
export async function decideOnAll(
  deciding: Deciding & Noting & { readonly budgets: BudgetNotes },
  policy: Policy,
  control: Control,
): Promise<Decisions> {
  const decided = await decideOn(deciding, policy, control);
  for (const [reason, count] of Object.entries(decided.unjudged)) skip(deciding, reason, count);
  await noteBudgetLooks(deciding, policy);
  return decided;
}

/** Keeps which projections are at a step now, for a second look at them. */
async function noteBudgetLooks(
  { budgets, ledgerOf, ports }: Timed & InForce & { readonly budgets: BudgetNotes },
  policy: Policy,
): Promise<void> {
  const view = await ledgerOf(policy);
  if (view === undefined) return;
  const looks = budgetLooksAfter(policy, view, ports.clock.now());
  budgets.kept = { ...budgets.kept, looks, lookedAt: view.readAt };
}
