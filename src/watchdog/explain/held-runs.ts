import {
  type BudgetStandings,
  decide,
  type Guard,
  type Observation,
  type Policy,
} from "../../policy/index.ts";
import { type Control, viewOf } from "../model/control.ts";

/** Which guard holds the stop of which run, by id, as a tick that begins at this instant would have it. Pure. */
export function heldRuns(
  policy: Policy,
  observations: readonly Observation[],
  control: Control,
  budgets: BudgetStandings | undefined,
  now: Date,
): ReadonlyMap<string, Guard> {
  const liveRunIds = new Set(observations.map(({ run }) => run.id));
  const blast = { tick: { id: "view", startedAt: now }, liveRunIds };
  const { decisions } = decide({ policy, observations, budgets, control: viewOf(control), blast, now });
  return new Map(
    decisions.flatMap(({ action, guard, subject }) =>
      action === "hold" && guard ? [[subject.runId, guard] as const] : [],
    ),
  );
}
