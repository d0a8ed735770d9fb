import { limitFor } from "./limits/registry.ts";
import type { Policy, Rule } from "./policy.ts";
import type { Observation } from "./run.ts";
import { isActive, isStopping } from "./run.ts";
import { matchSelector } from "./selector.ts";
import { judge, type Verdict } from "./verdict.ts";

/** What one rule makes of one run, whether it applies to it or not. */
export type Judgement =
  | { readonly rule: Rule; readonly applies: "yes"; readonly verdict: Verdict }
  | { readonly rule: Rule; readonly applies: "no" | "unresolved" | "not-in-this-status" };

export type JudgeOptions = {
  /**
   * The run has an open intent: while it drains, ABORTING is judged as RUNNING would be, so that escalation
   * still asks whether the policy condemns the run.
   */
  readonly underIntent?: boolean;
};

function judgesStatus(rule: Rule, status: string, underIntent: boolean): boolean {
  const limit = limitFor(rule.limit.metric);
  return limit.judges(status) || (underIntent && isStopping(status) && limit.judges("RUNNING"));
}

/** Every rule's view of one run, in the policy's order. */
export function judgeRun(
  policy: Policy,
  observation: Observation,
  now: Date,
  { underIntent = false }: JudgeOptions = {},
): readonly Judgement[] {
  return policy.rules.map((rule) => {
    if (!judgesStatus(rule, observation.run.status, underIntent))
      return { rule, applies: "not-in-this-status" };
    const match = matchSelector(rule.for, observation);
    if (match !== "match") return { rule, applies: match };
    return { rule, applies: "yes", verdict: judge(rule, observation, now) };
  });
}

/** Can this run's judgement need figures that only its detail has? */
export const needsDetail = (policy: Policy, observation: Observation): boolean =>
  isActive(observation.run.status) &&
  policy.rules.some(
    (rule) =>
      limitFor(rule.limit.metric).needsDetail &&
      judgesStatus(rule, observation.run.status, false) &&
      matchSelector(rule.for, observation) === "match",
  );
