import { type Policy, parsePolicy, type Rule } from "../../../policy/index.ts";
import type { Pushed } from "../../audit/pushes.ts";
import { stopSame } from "../../policies/policy-meaning.ts";
import { hasStop, stops } from "../../policies/weaker.ts";

function policyOf({ document }: Pushed): Policy | undefined {
  try {
    return parsePolicy(document);
  } catch {
    return undefined;
  }
}

/** The rule as a version has it, where it would stop runs and is only observed. */
function observedIn(policy: Policy | undefined, id: string): Rule | undefined {
  const rule = policy?.rules.find((each) => each.id === id);
  return policy && rule && hasStop(rule) && !stops(policy, rule) ? rule : undefined;
}

/** Since when a rule has been observed, and as what. */
export type Observed = { readonly rule: Rule; readonly since: Date };

/**
 * Since when the policy in force has observed a rule, without a break and with the same limit: from its push back to the one
 * that began it. `undefined` where it does not observe it, or no push tells of it. `pushes`: oldest first, up to the one in force.
 */
export function observedSince(pushes: readonly Pushed[], ruleId: string): Observed | undefined {
  let observed: Observed | undefined;
  for (const push of pushes.toReversed()) {
    const rule = observedIn(policyOf(push), ruleId);
    if (rule === undefined || (observed && !stopSame(observed.rule, rule))) break;
    observed = { rule: observed?.rule ?? rule, since: new Date(push.at) };
  }
  return observed;
}
