import { modeOf, type Policy } from "../../policy/index.ts";

/**
 * What one policy guards and another in its place would not: rules that are gone, and rules that stop now and would only
 * observe. In words, a rule each; empty where nothing is lost. A limit that moves is no loss: that is what policies are for.
 */
export function weakerIn(before: Policy, after: Policy): readonly string[] {
  const next = new Map(after.rules.map((rule) => [rule.id, rule]));
  return before.rules.flatMap((rule) => {
    const { id } = rule;
    const then = next.get(id);
    if (then === undefined) return [`rule ${id} is gone`];
    const isLess = modeOf(before, rule) === "enforce" && modeOf(after, then) === "observe";
    return isLess ? [`rule ${id} goes from enforce to observe`] : [];
  });
}
