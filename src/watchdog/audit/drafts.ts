import type { BudgetDecision, Decision, Observation, Run } from "../../policy/index.ts";
import { type Order, type PolicyRef, sameRef } from "../model/control.ts";
import { budgetChain, type EntryDraft, entryIdOf, runChain } from "../model/entry.ts";
import { evidenceOf, runFigures } from "../model/evidence.ts";
import { budgetOutlook } from "./budget-outlook.ts";
import { intentOutlook, quietOutlook } from "./outlook.ts";
import { overshootBound } from "./overshoot-bound.ts";

/** Who acts where no person does. */
export const WATCHDOG = "watchdog";

export type Stamp = PolicyRef & {
  readonly now: Date;
  readonly tickId: string;
  /** Set where an operator ordered the stop. */
  readonly order?: Order;
  /** Why an exemption that stands did not hold the stop back. */
  readonly reason?: string;
};

const aboutRun = (run: Run, life: number) => ({
  subject: { kind: "run" as const, runId: run.id, life },
  runId: run.id,
  actorId: run.actorId,
  ...(run.actorTaskId && { actorTaskId: run.actorTaskId }),
  run: runFigures(run),
});

const KIND_OF_DECISION = { notify: "step.notified", hold: "abort.held", observe: "abort.observed" } as const;

/** Which step an entry is about: the share, and what it rests on where that is not what Apify says. */
const placeOf = ({ at, basis }: Decision["step"]): string | number => (basis ? `${at}:${basis}` : at);

/**
 * Which limit an entry is about: 5 USD are not 5 USD an hour, though a rule says the one today and the other tomorrow;
 * nor is one day's budget another's.
 */
const limitOf = ({ metric, limit, budget }: Decision["evidence"]): string =>
  budget ? `${metric}/${limit}/${budget.per}/${budget.from.toISOString()}` : `${metric}/${limit}`;

/** Which entry a decision asks for when it asks for no call. */
const quietKind = ({
  action,
  mode,
}: Decision): (typeof KIND_OF_DECISION)[keyof typeof KIND_OF_DECISION] | undefined => {
  if (action === "notify" || action === "hold") return KIND_OF_DECISION[action];
  return mode === "observe" ? KIND_OF_DECISION.observe : undefined;
};

/** The entry for a decision that calls nothing: a notice, a held or an observed stop. Once per subject, rule, share,
 * limit and its value, and kind, whatever guard holds it. */
export function quietDraft(
  decision: Decision,
  observation: Observation,
  stamp: Stamp,
): EntryDraft | undefined {
  const kind = quietKind(decision);
  if (kind === undefined) return undefined;
  const { subject, ruleId, step, guard, evidence, mode, owner } = decision;
  const parts = [
    runChain(subject.runId),
    subject.life,
    ruleId,
    placeOf(step),
    limitOf(evidence),
    kind,
  ] as const;
  return {
    entryId: entryIdOf(...parts),
    kind,
    at: stamp.now.toISOString(),
    ...aboutRun(observation.run, subject.life),
    ruleId,
    step,
    mode,
    ...sameRef(stamp),
    ...(guard && { guard }),
    ...(owner !== undefined && { owner }),
    ...quietOutlook(kind, decision),
    evidence: evidenceOf(decision),
    by: WATCHDOG,
    tickId: stamp.tickId,
  };
}

/** The id of an intent: a run that was let go and is condemned again gets another. */
export const intentIdOf = ({ subject, ruleId, step, evidence }: Decision, closedBefore: number): string =>
  entryIdOf(
    runChain(subject.runId),
    subject.life,
    ruleId,
    placeOf(step),
    limitOf(evidence),
    "abort.intended",
    closedBefore,
  );

export function intentDraft(
  decision: Decision,
  observation: Observation,
  intentId: string,
  stamp: Stamp,
): EntryDraft {
  const reason = stamp.order?.reason ?? stamp.reason;
  return {
    entryId: intentId,
    kind: "abort.intended",
    at: stamp.now.toISOString(),
    ...aboutRun(observation.run, decision.subject.life),
    ruleId: decision.ruleId,
    step: decision.step,
    mode: decision.mode,
    ...sameRef(stamp),
    ...(decision.owner !== undefined && { owner: decision.owner }),
    ...intentOutlook("abort.intended", { intentId, runId: observation.run.id }),
    evidence: evidenceOf(decision),
    ...overshootBound(observation),
    by: stamp.order?.by ?? WATCHDOG,
    ...(reason !== undefined && { reason }),
    tickId: stamp.tickId,
  };
}

const subjectOf = ({ subject: { ruleId, group, from } }: BudgetDecision) => ({
  kind: "budget" as const,
  ruleId,
  group,
  from: from.toISOString(),
});

/** The entry for a step that a budget has reached. Once per rule, group, window, share and amount, whatever guard holds its stops. */
export function budgetDraft(decision: BudgetDecision, stamp: Stamp): EntryDraft {
  const { ruleId, step, mode, guard, owner, evidence } = decision;
  const about = subjectOf(decision);
  return {
    entryId: entryIdOf(budgetChain(about), placeOf(step), limitOf(evidence), "step.notified", undefined),
    kind: "step.notified",
    at: stamp.now.toISOString(),
    subject: about,
    ruleId,
    step,
    mode,
    ...sameRef(stamp),
    ...(guard && { guard }),
    ...(owner !== undefined && { owner }),
    ...budgetOutlook(decision),
    evidence: evidenceOf(decision),
    by: WATCHDOG,
    tickId: stamp.tickId,
  };
}
