import type { BudgetDecision, Decision, Decisions } from "../../policy/index.ts";
import { appendOnce } from "../audit/append.ts";
import { budgetDraft } from "../audit/drafts.ts";
import { type PolicyInForce, type PolicyRef, refOf } from "../model/control.ts";
import { budgetChain } from "../model/entry.ts";
import { noteOutcome, skip } from "../model/pass.ts";
import type { Performing } from "./pursuing.ts";
import { noteObserved, say, stopRun, wasSaid } from "./stop.ts";

/** Does one piece of work: one that fails is noted, and holds up no other. */
export type Attempt = (what: string, work: () => Promise<void>) => Promise<unknown>;

/** So many things that were told of budgets are remembered; of older ones the audit is asked. */
const MOST_SAID = 500;

/** Writes what is told of a budget, once; remembered, so that later ticks need not look it up. */
async function sayOfBudget(performing: Performing, decision: BudgetDecision, ref: PolicyRef): Promise<void> {
  const { budgets, ports, tick } = performing;
  const draft = budgetDraft(decision, { ...ref, now: ports.clock.now(), tickId: tick.id });
  if (budgets.kept.said.includes(draft.entryId)) return;
  const { ruleId, group, from } = decision.subject;
  const chain = budgetChain({ ruleId, group, from: from.toISOString() });
  const { kind } = await appendOnce(ports, chain, draft);
  if (kind === "appended") noteOutcome(performing, draft);
  budgets.kept = { ...budgets.kept, said: [...budgets.kept.said, draft.entryId].slice(-MOST_SAID) };
}

async function act(
  performing: Performing,
  decision: Decision,
  inForce: PolicyInForce,
  attempt: Attempt,
): Promise<boolean> {
  const { runId } = decision.subject;
  const observation = performing.observations.get(runId);
  if (observation === undefined) return false;
  if (wasSaid(performing, decision, observation)) {
    noteObserved(performing, decision, observation);
    return false;
  }
  if (performing.signal.aborted) {
    skip(performing, "no time left to act");
    return false;
  }
  let isLeft = false;
  await attempt("acting on a run", async () => {
    if (decision.action === "notify") await say(performing, decision, observation, refOf(inForce));
    else isLeft = await stopRun(performing, runId);
  });
  return decision.action !== "notify" && !isLeft;
}

/**
 * Does what was decided: the stops one after another in their order, then the notices. Every stop is judged again on a
 * reading of its own, also one that will only be observed or held: what is written down is what would really be done.
 * Returns the runs that a stop was pursued for, as far as it went in this tick.
 */
export async function perform(
  performing: Performing,
  attempt: Attempt,
  { decisions, budgets }: Pick<Decisions, "decisions" | "budgets">,
  inForce: PolicyInForce,
): Promise<Set<string>> {
  const pursued = new Set<string>();
  for (const decision of decisions) {
    if (await act(performing, decision, inForce, attempt)) pursued.add(decision.subject.runId);
  }
  for (const decision of budgets) {
    if (performing.signal.aborted) skip(performing, "no time left to act");
    else await attempt("notifying of a budget", () => sayOfBudget(performing, decision, refOf(inForce)));
  }
  return pursued;
}
