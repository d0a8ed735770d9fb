import {
  type ControlView,
  exempts,
  isPaused,
  isStop,
  type Observation,
  type Policy,
  type Rule,
  toMicroUsd,
} from "../../policy/index.ts";
import type { HeldAhead, StepAhead } from "./explanation.ts";

/** What a stop that is ahead would meet. */
type Meeting = {
  readonly policy: Policy;
  readonly control: ControlView;
  readonly observation: Observation;
  readonly now: Date;
};

/** The run as it would be when the step is reached, as far as that is known: of a limit on its cost, what that is then. */
function thenOf(rule: Rule, { figure }: StepAhead, { observation }: Meeting): Observation {
  if (rule.limit?.metric !== "usageTotalUsd") return observation;
  return { ...observation, run: { ...observation.run, usageTotalMicroUsd: toMicroUsd(figure) } };
}

/** What keeps a stop that is ahead from being made: only what still stands by then. */
export function heldAhead(rule: Rule, step: StepAhead, meeting: Meeting): HeldAhead | undefined {
  if (!isStop(step)) return undefined;
  const { control, policy, now } = meeting;
  const at = step.inSecs === undefined ? now : new Date(now.getTime() + step.inSecs * 1000);
  const then = thenOf(rule, step, meeting);
  if (control.exemptions.some((each) => exempts(each, rule.id, then, at))) return "exemption";
  if (isPaused(control, at)) return "pause";
  return Object.values(policy.guards.maxAborts).includes(0) ? "maxAborts" : undefined;
}
