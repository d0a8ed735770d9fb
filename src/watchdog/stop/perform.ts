import {
  type BudgetDecision,
  type Decision,
  type Decisions,
  decide,
  type Policy,
  standingsOf,
} from "../../policy/index.ts";
import { appendOnce } from "../audit/append.ts";
import { budgetDraft } from "../audit/drafts.ts";
import { ledgerFor } from "../ledger/tick-ledger.ts";
import { type Context, noteOutcome, type PolicyInForce, skip } from "../model/context.ts";
import { type Control, viewOf } from "../model/control.ts";
import { budgetChain } from "../model/entry.ts";
import type { Phases } from "../model/phases.ts";
import { noteObserved, say, stopRun, wasSaid } from "./stop.ts";

export const NOTHING: Decisions = { decisions: [], budgets: [], unknownCost: [], unjudged: {} };

/** Decides on all runs that were observed, or on some, by a control state and by the ledger as it is now. */
export async function decideOn(
  context: Context,
  policy: Policy,
  control: Control,
  runIds?: Iterable<string>,
): Promise<Decisions> {
  const { judged, liveRunIds, observations, ports, tick } = context;
  const ledger = await ledgerFor(context, policy);
  const now = ports.clock.now();
  const ids = [...(runIds ?? observations.keys())];
  for (const id of ids) judged.runs.set(id, now);
  const budgets = ledger && standingsOf(policy, ledger, now);
  // A budget's stops are decided only with all of its runs.
  if (budgets && runIds === undefined) {
    for (const [key, { spentMicroUsd }] of budgets.groups) judged.spent.set(key, spentMicroUsd);
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

/** So many things that were told of budgets are remembered; of older ones the audit is asked. */
const MOST_SAID = 500;

/** Writes what is told of a budget, once; remembered, so that later ticks need not look it up. */
async function sayOfBudget(context: Context, decision: BudgetDecision, policyVersion: number): Promise<void> {
  const { ledger, ports, tick } = context;
  const draft = budgetDraft(decision, { now: ports.clock.now(), tickId: tick.id, policyVersion });
  if (ledger.budgets.said.includes(draft.entryId)) return;
  const { ruleId, group, from } = decision.subject;
  const chain = budgetChain({ ruleId, group, from: from.toISOString() });
  const { kind } = await appendOnce(ports, chain, draft);
  if (kind === "appended") noteOutcome(context, draft);
  ledger.budgets = { ...ledger.budgets, said: [...ledger.budgets.said, draft.entryId].slice(-MOST_SAID) };
}

async function act(
  context: Context,
  decision: Decision,
  inForce: PolicyInForce,
  phases: Phases,
): Promise<boolean> {
  const { runId } = decision.subject;
  const observation = context.observations.get(runId);
  if (observation === undefined) return false;
  if (wasSaid(context, decision, observation)) {
    noteObserved(context, decision);
    return false;
  }
  if (context.signal.aborted) {
    skip(context, "no time left to act");
    return false;
  }
  await phases.run("acting on a run", () =>
    decision.action === "notify"
      ? say(context, decision, observation, inForce.version)
      : stopRun(context, runId),
  );
  return decision.action !== "notify";
}

/**
 * Does what was decided: the stops one after another in their order, then the notices. Every stop is judged again on a
 * reading of its own, also one that will only be observed or held: what is written down is what would really be done.
 * Returns the runs that a stop was pursued for.
 */
export async function perform(
  context: Context,
  phases: Phases,
  { decisions, budgets }: Pick<Decisions, "decisions" | "budgets">,
  inForce: PolicyInForce,
): Promise<Set<string>> {
  const pursued = new Set<string>();
  for (const decision of decisions) {
    if (await act(context, decision, inForce, phases)) pursued.add(decision.subject.runId);
  }
  for (const decision of budgets) {
    if (context.signal.aborted) skip(context, "no time left to act");
    else await phases.run("telling of a budget", () => sayOfBudget(context, decision, inForce.version));
  }
  return pursued;
}
