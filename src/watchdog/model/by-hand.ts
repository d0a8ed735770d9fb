import { type Decision, isExempt, isPaused, type Observation } from "../../policy/index.ts";
import { type Control, viewOf } from "./control.ts";

/** The metric of an order: nothing was measured. */
export const ORDER = "order";

/** Stands where a rule's id would. No rule can be called so: a rule's id has no space. */
const BY_HAND = "by hand";

/** Why an order may not be carried out, if so. What protects a run from a rule's stop protects it here, too. */
export function guardOf(
  control: Control,
  observation: Observation,
  now: Date,
): "exemption" | "pause" | undefined {
  const view = viewOf(control);
  if (isExempt(view, BY_HAND, observation, now)) return "exemption";
  return isPaused(view, now) ? "pause" : undefined;
}

/** The order in the form of a decision, so that it goes the way of every other stop. */
export const decisionByHand = ({ run, life, observedAt, source }: Observation): Decision => ({
  subject: { kind: "run", runId: run.id, life: life.number },
  ruleId: BY_HAND,
  step: { at: 100, do: "abort" },
  action: "abort",
  mode: "enforce",
  evidence: {
    metric: ORDER,
    measured: 1,
    limit: 1,
    unit: "count",
    observedAt,
    source,
    basis: "actual",
  },
  also: [],
});
