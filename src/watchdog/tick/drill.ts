import {
  type Decision,
  decide,
  HOUR_MS,
  isLimitRule,
  isStop,
  type LimitRule,
  type MicroUsd,
  modeOf,
  type Observation,
  type Policy,
  type Step,
} from "../../policy/index.ts";
import type { DrillChange } from "../audit/describe-drill.ts";
import { WATCHDOG } from "../audit/drafts.ts";
import { type DrillRequest, refOf, stateOf, viewOf } from "../model/control.ts";
import { evidenceOf } from "../model/evidence.ts";
import { operate } from "../policies/operate.ts";
import type { Context } from "./context.ts";
import type { InControl } from "./take-control.ts";

const COST = "usageTotalUsd";
const TIME = "runTime";
/** So many times its limit a made-up run has reached: above every step that there may be. */
const TIMES = 11;

/** Where a policy limits neither the cost nor the time of a run. */
const OF_A_DRILL: LimitRule = {
  id: "drill",
  limit: { metric: COST, value: 1_000_000 },
  steps: [{ at: 100, do: "abort" }],
};

const stops = (step: Step): boolean => isStop(step) && step.basis === undefined;

/**
 * The rule that a drill is about: the first that stops runs by their cost or time, one that enforces if there is one. For
 * every run and at every hour, for the made-up one is nobody's and of no hour.
 */
function drillRule(policy: Policy): LimitRule {
  const fit = policy.rules
    .filter(isLimitRule)
    .filter(({ limit, steps }) => (limit.metric === COST || limit.metric === TIME) && steps.some(stops));
  const rule = fit.find((each) => modeOf(policy, each) === "enforce") ?? fit[0] ?? OF_A_DRILL;
  const { for: _for, schedule: _schedule, steps, ...rest } = rule;
  return { ...rest, steps: steps.filter(stops).map(({ schedule: _hours, ...step }) => step) };
}

/** A run that does not exist, and is far over the rule's limit. */
function madeUp(id: string, { limit: { metric, value } }: LimitRule, now: Date): Observation {
  const ageMs = metric === TIME ? value * TIMES * 1_000 : HOUR_MS;
  const startedAt = new Date(now.getTime() - ageMs);
  const run = {
    id: `drill-${id}`,
    actorId: "drill",
    status: "RUNNING",
    startedAt,
    origin: "API",
    ...(metric === COST && { usageTotalMicroUsd: (value * TIMES) as MicroUsd }),
  };
  return { run, observedAt: now, source: "detail", life: { number: 0, since: startedAt, looks: {} } };
}

/** What this tick would do about such a run, by the policy in force, its guards and the control plane as they are. */
function decideDrill(
  { id }: DrillRequest,
  { tick }: Pick<Context, "tick">,
  policy: Policy,
  { state }: InControl,
  now: Date,
): Decision | undefined {
  const rule = drillRule(policy);
  const observation = madeUp(id, rule, now);
  const { decisions } = decide({
    policy: { ...policy, rules: [rule] },
    observations: [observation],
    control: viewOf(state),
    blast: { tick, liveRunIds: new Set([observation.run.id]) },
    now,
  });
  return decisions.find(({ action }) => action !== "notify");
}

/**
 * Answers the drill that an operator asked for: decides on a run that does not exist, and writes down what it would have
 * done. No intent, and no call: it takes no place in any cap.
 */
export async function answerDrill(pass: Context, control: InControl): Promise<void> {
  const { ports, tick, liveRunIds } = pass;
  const now = ports.clock.now();
  const { inForce, state } = control;
  const request = state.drill;
  if (request === undefined || inForce === undefined || request.until <= now) return;
  const decision = decideDrill(request, pass, inForce.policy, control, now);
  const change: DrillChange = {
    drillId: request.id,
    requestedBy: request.by,
    action: decision?.action ?? "none",
    listed: liveRunIds.size,
  };
  await operate(ports, (current) => {
    if (current.drill?.id !== request.id) return undefined;
    const { drill: _answered, ...next } = stateOf(current);
    return {
      next,
      entry: {
        kind: "drill.begun",
        by: WATCHDOG,
        tickId: tick.id,
        change,
        ...refOf(inForce),
        ...(decision && {
          ruleId: decision.ruleId,
          step: decision.step,
          mode: decision.mode,
          ...(decision.guard && { guard: decision.guard }),
          evidence: evidenceOf(decision),
        }),
      },
    };
  });
}
