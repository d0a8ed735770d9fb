import { isBudgetRule, isLimitRule, type Policy, type Typical } from "../../policy/index.ts";
import type { Pace } from "./known-cost.ts";

/** What is looked for: when something is reached. */
export type Steps = {
  /** After so many seconds, by the metric that counts them. */
  readonly secs: Readonly<Record<"runTime" | "queueTime" | "abortingTime", readonly number[]>>;
  readonly microUsd: readonly number[];
  /** Is something judged by what a run was started with alone? */
  readonly atStart: boolean;
  /** Are there budgets, whose windows turn with the hour? */
  readonly byTheHour: boolean;
  /** What a rule measures by what is typical of a run, which is another of each. */
  readonly typical: readonly TypicalStep[];
};

/** The metrics of what a run was started with. */
const BY_SETTINGS: readonly string[] = ["noTimeout", "timeout", "noCap"];

/** At which figures the rules of a policy do something. */
export function stepsOf(policy: Policy): Steps {
  const { rules } = policy;
  const limits = rules.filter(isLimitRule);
  const on = (metric: string): readonly number[] =>
    limits
      .filter(({ limit }) => limit.metric === metric)
      .flatMap(({ limit, steps }) => steps.map(({ at }) => (at * limit.value) / 100));
  return {
    secs: { runTime: on("runTime"), queueTime: on("queueTime"), abortingTime: on("abortingTime") },
    microUsd: on("usageTotalUsd"),
    atStart: limits.some(({ limit }) => BY_SETTINGS.includes(limit.metric)),
    byTheHour: rules.some(isBudgetRule),
    typical: typicalStepsOf(policy),
  };
}

/** At so many times what is typical a rule does something; what is typical counts as `floor` at least. */
export type TypicalStep = { readonly of: keyof Typical; readonly times: number; readonly floor: number };

const FIGURES: Readonly<Record<string, keyof Typical>> = {
  "timesTypical.usd": "usageTotalMicroUsd",
  "timesTypical.runTime": "runTimeSecs",
};

export const typicalStepsOf = ({ rules }: Policy): readonly TypicalStep[] =>
  rules.filter(isLimitRule).flatMap(({ limit: { metric, value, options }, steps }) => {
    const of = FIGURES[metric];
    return of === undefined
      ? []
      : steps.map(({ at }) => ({ of, times: (at * value) / 100, floor: options?.floor ?? 0 }));
  });

/** The steps with those that are known once it is known what is typical. */
export function stepsBy(steps: Steps, typical: Typical): Steps {
  const at = (key: keyof Typical): readonly number[] => {
    const usual = typical[key];
    if (usual === undefined) return [];
    return steps.typical
      .filter(({ of }) => of === key)
      .map(({ times, floor }) => times * Math.max(usual.median, floor));
  };
  return {
    ...steps,
    secs: { ...steps.secs, runTime: [...steps.secs.runTime, ...at("runTimeSecs")] },
    microUsd: [...steps.microUsd, ...at("usageTotalMicroUsd")],
  };
}

/**
 * From a look to the one at which a gauge is believed, as a tick has them: a minute or more between the two, and the second is up to
 * a minute late.
 */
export const SECOND_LOOK_MS: Readonly<Record<Pace, number>> = { early: 60_000, even: 60_000, late: 120_000 };
