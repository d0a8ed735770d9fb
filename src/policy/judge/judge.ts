import { type Known, type Limit, limitKey, type Measurement, unknown } from "../limits/limit.ts";
import { heldSince, TWO_LOOKS_SECS } from "../limits/looks.ts";
import { limitFor } from "../limits/registry.ts";
import type { Life, Observation } from "../observation.ts";
import {
  type Basis,
  basisOf,
  isLimitRule,
  type LimitRule,
  type Rule,
  type RuleStep,
  type Step,
} from "../policy.ts";
import { isStopping } from "../run.ts";
import { isOpen } from "../values/schedule.ts";
import type { Evidence, Verdict, Waiting } from "./verdict.ts";
import { type Figures, isReached, weigh } from "./weigh.ts";

const lookKey = (rule: LimitRule, { at, basis }: Step): string =>
  `${rule.id}@${at}${basis ? `:${basis}` : ""}/${limitKey(rule.limit)}`;

/** What is no number is no figure, wherever it came from. */
const sound = (figure: Measurement): Measurement =>
  figure.kind === "unknown" || Number.isFinite(figure.value) ? figure : unknown("it is no number", false);

/** The figures that the rule's steps ask for. */
export function figuresOf(rule: LimitRule, limit: Limit, observation: Observation, now: Date): Figures {
  const bases = new Set(rule.steps.map(basisOf));
  return new Map(
    [...bases].map((basis) => [basis, sound(limit.measure(observation, rule.limit, now, basis))] as const),
  );
}

/** Does the figure that the step asks for reach it? */
export const isAt = (rule: LimitRule, step: Step, figures: Figures): boolean =>
  isReached(step, figures, rule.limit.value);

function evidenceOf(
  rule: LimitRule,
  { unit, restsOnCost }: Limit,
  observation: Observation,
  basis: Basis,
  figure: Known,
): Evidence {
  const { metric, value } = rule.limit;
  return {
    metric,
    measured: figure.value,
    limit: value,
    unit: unit(metric),
    observedAt: (restsOnCost?.(metric) && observation.costAt) || observation.observedAt,
    source: observation.source,
    basis,
    ...(figure.facts && { facts: figure.facts }),
  };
}

/** What a step that the figure has reached still waits for, if anything. */
function waitsFor(
  rule: LimitRule,
  step: RuleStep,
  isGauge: boolean,
  observation: Observation,
  now: Date,
): Waiting["for"] | undefined {
  if (step.schedule && !isOpen(step.schedule, now)) return "its schedule";
  const since = heldSince(observation, lookKey(rule, step));
  const isSecond =
    since !== undefined && observation.observedAt.getTime() - since.getTime() >= TWO_LOOKS_SECS * 1000;
  return isGauge && !isSecond ? "a second look" : undefined;
}

/** When the second looks at its gauges are due that they wait for. */
export const secondLookAt = (rule: LimitRule, observation: Observation): readonly Date[] =>
  rule.steps.flatMap((step) => {
    const since = heldSince(observation, lookKey(rule, step)) ?? observation.observedAt;
    const due = new Date(since.getTime() + TWO_LOOKS_SECS * 1000);
    // A step that has had its second look waits for none.
    return due > observation.observedAt ? [due] : [];
  });

/** Judges a run by one rule. The caller has made sure that the rule applies to it. */
export function judge(rule: LimitRule, observation: Observation, now: Date): Verdict {
  const { metric, value } = rule.limit;
  const limit = limitFor(metric);
  const isGauge = limit.isGauge(metric);
  return weigh({
    ruleId: rule.id,
    metric,
    steps: rule.steps,
    figures: figuresOf(rule, limit, observation, now),
    limit: value,
    waitsFor: (step) => waitsFor(rule, step, isGauge, observation, now),
    evidence: (basis, figure) => evidenceOf(rule, limit, observation, basis, figure),
  });
}

/**
 * The looks to remember after this one: since when each step of each gauge has been reached, and each timed state has
 * held, without a break. A look that shows the figure below the step, or no figure at all, breaks the row; one that did
 * not read the detail says nothing of a state that only the detail shows. On its way out a run keeps what it was stopped
 * for, or a gauge could never condemn it to be forced.
 */
export function looksAfter(rules: readonly Rule[], observation: Observation, now: Date): Life["looks"] {
  const { run, life, observedAt } = observation;
  if (isStopping(run.status)) return life.looks;
  const looks: Record<string, Date> = {};
  const note = (key: string): void => {
    looks[key] = heldSince(observation, key) ?? observedAt;
  };
  for (const rule of rules.filter(isLimitRule)) {
    const limit = limitFor(rule.limit.metric);
    if (!limit.judges(run.status)) continue;
    if (limit.isGauge(rule.limit.metric)) {
      const figures = figuresOf(rule, limit, observation, now);
      for (const step of rule.steps) if (isAt(rule, step, figures)) note(lookKey(rule, step));
    }
    if (limit.holds === undefined) continue;
    const key = limitKey(rule.limit);
    const holds = limit.holds(observation, rule.limit);
    const goesOn = run.detail === undefined || holds === "as-before";
    if (holds === true || (goesOn && heldSince(observation, key) !== undefined)) note(key);
  }
  return looks;
}
