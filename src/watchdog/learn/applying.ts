import { isBudgetRule, isLimitRule, matchSelector, type Policy, spenderKey } from "../../policy/index.ts";
import type { Replayed } from "./looks.ts";
import { type Steps, stepsOf } from "./steps.ts";

/** The rules of a policy that a run falls under, and all budgets; what is looked for, and whether any is a limit. */
export type Applying = { readonly policy: Policy; readonly steps: Steps; readonly hasLimits: boolean };

/**
 * Says of each run which rules can say anything of it: of a policy with a rule for each task most can't. What a selector looks
 * at stays as it is while a run goes on, and many runs have the same.
 */
export function applyingTo(policy: Policy): (of: Replayed) => Applying {
  const bySelected = new Map<string, Applying>();
  const byRules = new Map<string, Applying>();
  const applying = (of: Replayed): Applying => {
    const rules = policy.rules.filter(
      (rule) => isBudgetRule(rule) || matchSelector(rule.for, of).kind === "match",
    );
    const key = rules.map(({ id }) => id).join();
    const found = byRules.get(key);
    if (found) return found;
    const own = { ...policy, rules };
    const made = { policy: own, steps: stepsOf(own), hasLimits: rules.some(isLimitRule) };
    byRules.set(key, made);
    return made;
  };
  return (of) => {
    const { settings } = of.run;
    const key = `${spenderKey(of.run)}|${settings ? JSON.stringify(settings) : ""}`;
    const found = bySelected.get(key) ?? applying(of);
    bySelected.set(key, found);
    return found;
  };
}
