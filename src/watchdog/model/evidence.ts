import {
  type BudgetPlace,
  type Decision,
  type Evidence,
  plainFigure,
  type Run,
  toUsd,
} from "../../policy/index.ts";
import type { EntryBudget, EntryEvidence, EntryRun } from "./entry.ts";

/** Whose budget, and of which window, as it is written down. */
export const plainPlace = ({ of, ...place }: BudgetPlace): EntryBudget => ({
  ...(of !== "usd" && { of }),
  ...place,
  from: place.from.toISOString(),
  to: place.to.toISOString(),
});

/** One rule's evidence in the units that people read. */
export function plainEvidence(evidence: Evidence): EntryEvidence {
  const { metric, measured, limit, unit, observedAt, source, basis, facts, budget } = evidence;
  return {
    metric,
    measured: plainFigure(unit, measured),
    limit: plainFigure(unit, limit),
    unit,
    observedAt: observedAt.toISOString(),
    source,
    basis,
    ...(facts && { facts }),
    ...(budget && { budget: plainPlace(budget) }),
  };
}

/** The same, with what other rules say beside it. */
export function evidenceOf(
  decision: Pick<Decision, "evidence"> & Partial<Pick<Decision, "also">>,
): EntryEvidence {
  const also = (decision.also ?? []).map(({ ruleId, step, evidence }) => ({
    ruleId,
    step,
    metric: evidence.metric,
    measured: plainFigure(evidence.unit, evidence.measured),
    limit: plainFigure(evidence.unit, evidence.limit),
    unit: evidence.unit,
  }));
  return { ...plainEvidence(decision.evidence), ...(also.length > 0 && { also }) };
}

export const runFigures = (run: Run): EntryRun => ({
  status: run.status,
  startedAt: run.startedAt.toISOString(),
  ...(run.finishedAt && { finishedAt: run.finishedAt.toISOString() }),
  ...(run.origin && { origin: run.origin }),
  ...(run.usageTotalMicroUsd !== undefined && { usageTotalUsd: toUsd(run.usageTotalMicroUsd) }),
});
