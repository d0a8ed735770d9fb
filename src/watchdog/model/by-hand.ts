import { type Decision, isExempt, isPaused, type Observation } from "../../policy/index.ts";
import type { Standing } from "../stop/ladder.ts";
import { type Control, viewOf } from "./control.ts";

/** What an operator ordered of one run: no rule stands behind it, so these two do. */
export type Order = { readonly by: string; readonly reason: string };

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

/**
 * An ordered run stays condemned, whatever the rules say of it and in observe mode too, until it has ended; only an
 * exemption or a pause stands in the way. A tick that picks the intent up judges it by this.
 */
export function standingByHand(control: Control, observation: Observation, now: Date): Standing {
  const guard = guardOf(control, observation, now);
  return guard ? { kind: "forbidden", reason: `${guard} now protects the run` } : { kind: "condemned" };
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
