import { modeOf, type Policy, type Rule } from "../../policy/index.ts";

const byId = ({ rules }: Policy): ReadonlyMap<string, Rule> => new Map(rules.map((rule) => [rule.id, rule]));

/**
 * What one policy guards and another in its place would not: rules that are gone, and rules that stop now and would only
 * observe. In words, a rule each; empty where nothing is lost. A limit that moves is no loss: that is what policies are for.
 */
export function weakerIn(before: Policy, after: Policy): readonly string[] {
  const next = byId(after);
  return before.rules.flatMap((rule) => {
    const { id } = rule;
    const then = next.get(id);
    if (then === undefined) return [`rule ${id} is gone`];
    const isLess = modeOf(before, rule) === "enforce" && modeOf(after, then) === "observe";
    return isLess ? [`rule ${id} goes from enforce to observe`] : [];
  });
}

/** Rules that only observe in one policy and stop runs in another in its place, by id. */
export function armedIn(before: Policy, after: Policy): readonly string[] {
  const earlier = byId(before);
  return after.rules.flatMap((rule) => {
    const then = earlier.get(rule.id);
    const stops = rule.steps.some(({ do: action }) => action !== "notify");
    if (then === undefined || !stops) return [];
    const isArmed = modeOf(before, then) === "observe" && modeOf(after, rule) === "enforce";
    return isArmed ? [rule.id] : [];
  });
}
