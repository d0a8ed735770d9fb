import type { Measurement, Unit } from "./limits/limit.ts";
import { limitFor } from "./limits/registry.ts";
import type { Action, Rule, Step } from "./policy.ts";
import { isStopping, type Life, type Observation, type Source } from "./run.ts";
import { reaches } from "./share.ts";

/** Gauges are believed at two looks in a row, at least this far apart. */
const TWO_LOOKS_SECS = 60;

/** What a verdict rests on. `measured` and `limit` are in `unit`; money is in whole micro-dollars here. */
export type Evidence = {
  readonly metric: string;
  readonly measured: number;
  readonly limit: number;
  readonly unit: Unit;
  readonly observedAt: Date;
  readonly source: Source;
  readonly basis: "actual";
};

/** What one rule says of one run. `stop` and `notice` are the steps it has reached, if any. */
export type Verdict =
  | { readonly kind: "within"; readonly evidence: Evidence }
  | { readonly kind: "breach"; readonly evidence: Evidence; readonly stop?: Step; readonly notice?: Step }
  | { readonly kind: "unknown"; readonly metric: string; readonly reason: string; readonly young: boolean };

const STRENGTH: Readonly<Record<Action, number>> = { notify: 0, abort: 1, "abort-now": 2 };

/** Which of two steps does more. */
export const stronger = (a: Step, b: Step): boolean => STRENGTH[a.do] > STRENGTH[b.do];

const lookKey = (rule: Rule, step: Step): string =>
  `${rule.id}@${step.at}/${rule.limit.metric}/${rule.limit.value}`;

/** The steps whose share is reached by this figure alone, before a gauge's second look. */
function stepsAtFigure(rule: Rule, measurement: Measurement): readonly Step[] {
  if (measurement.kind === "unknown") return [];
  return rule.steps.filter((step) => reaches(measurement.value, step.at, rule.limit.value));
}

/** Judges a run by one rule. The caller has made sure that the rule applies to it. */
export function judge(rule: Rule, observation: Observation, now: Date): Verdict {
  const { metric, value: limitValue } = rule.limit;
  const limit = limitFor(metric);
  const measurement = limit.measure(observation, metric, now);
  if (measurement.kind === "unknown") return { ...measurement, metric };

  const evidence: Evidence = {
    metric,
    measured: measurement.value,
    limit: limitValue,
    unit: limit.unit(metric),
    observedAt: observation.observedAt,
    source: observation.source,
    basis: "actual",
  };
  const lookedBefore = (step: Step): boolean => {
    const since = observation.life.looks[lookKey(rule, step)];
    return since !== undefined && observation.observedAt.getTime() - since.getTime() >= TWO_LOOKS_SECS * 1000;
  };
  const reached = stepsAtFigure(rule, measurement).filter(
    (step) => !limit.isGauge(metric) || lookedBefore(step),
  );
  const highest = reached.at(-1);
  if (highest === undefined) return { kind: "within", evidence };

  const stops = reached.filter((step) => step.do !== "notify");
  const stop =
    stops.length > 0 ? stops.reduce((best, step) => (stronger(step, best) ? step : best)) : undefined;
  return {
    kind: "breach",
    evidence,
    ...(stop && { stop }),
    ...(highest.do === "notify" && { notice: highest }),
  };
}

/**
 * The looks to remember after this one: since when each step of each gauge has been reached without a break. A
 * look that shows the figure below the step, or no figure at all, breaks the row. On its way out a run keeps what it
 * was stopped for, or a gauge could never condemn it to be forced.
 */
export function looksAfter(rules: readonly Rule[], observation: Observation, now: Date): Life["looks"] {
  if (isStopping(observation.run.status)) return observation.life.looks;
  const looks: Record<string, Date> = {};
  for (const rule of rules) {
    const limit = limitFor(rule.limit.metric);
    if (!limit.isGauge(rule.limit.metric) || !limit.judges(observation.run.status)) continue;
    for (const step of stepsAtFigure(rule, limit.measure(observation, rule.limit.metric, now))) {
      const key = lookKey(rule, step);
      looks[key] = observation.life.looks[key] ?? observation.observedAt;
    }
  }
  return looks;
}
