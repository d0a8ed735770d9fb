import { holdersIn, isStop, modeOf, type Policy, type Rule } from "../../policy/index.ts";

const byId = ({ rules }: Policy): ReadonlyMap<string, Rule> => new Map(rules.map((rule) => [rule.id, rule]));

export const hasStop = ({ steps }: Rule): boolean => steps.some(isStop);

const hasHold = ({ steps }: Rule): boolean => steps.some((step) => step.do === "hold");

/** The `maxAborts` that lets nothing be stopped, whatever the rules say. */
const allHeldBy = ({ guards }: Policy): string | undefined =>
  Object.entries(guards.maxAborts).find(([, most]) => most === 0)?.[0];

/** Does a rule stop runs, and not only observe or notify? */
export const stops = (policy: Policy, rule: Rule): boolean =>
  modeOf(policy, rule) === "enforce" && hasStop(rule) && allHeldBy(policy) === undefined;

/**
 * What one policy guards and another in its place would not: rules that are gone, rules that stop or hold now and would only observe
 * or notify, and a `maxAborts` or `maxHolds` of 0. In words, a rule each; empty where nothing is lost. A limit that moves is no loss: that
 * is what policies are for.
 */
export function weakerIn(before: Policy, after: Policy): readonly string[] {
  const next = byId(after);
  const held = allHeldBy(after);
  const ofRules = before.rules.flatMap((rule) => {
    const { id } = rule;
    const then = next.get(id);
    if (then === undefined) return [`rule ${id} is gone`];
    if (modeOf(before, rule) !== "enforce") return [];
    if (modeOf(after, then) === "observe") return [`rule ${id} goes from enforce to observe`];
    return [
      ...(hasStop(rule) && !hasStop(then) ? [`rule ${id} has no step left that stops a run`] : []),
      ...(hasHold(rule) && !hasHold(then) ? [`rule ${id} has no step left that holds schedules`] : []),
    ];
  });
  const losesLoops =
    before.guards.loop.do === "hold" && before.mode === "enforce" && after.guards.loop.do !== "hold";
  const losesHolds = before.guards.maxHolds > 0 && after.guards.maxHolds === 0;
  return [
    ...ofRules,
    ...(held !== undefined && allHeldBy(before) === undefined
      ? [`guards.maxAborts.${held} of 0 lets no run be stopped`]
      : []),
    ...(losesLoops ? ["guards.loop holds no schedules any more"] : []),
    ...(losesHolds && holdersIn(before).length > 0 ? ["guards.maxHolds of 0 lets no schedule be held"] : []),
  ];
}

/** Rules that stop runs in a policy, and did not so far or are new. */
export function promotedIn(before: Policy | undefined, after: Policy): readonly Rule[] {
  const stopped = new Set(before?.rules.flatMap((rule) => (stops(before, rule) ? [rule.id] : [])));
  return after.rules.filter((rule) => stops(after, rule) && !stopped.has(rule.id));
}

/** Rules that stop nothing in one policy and stop runs in another in its place, by id. */
export function armedIn(before: Policy, after: Policy): readonly string[] {
  const earlier = byId(before);
  return promotedIn(before, after).flatMap(({ id }) => (earlier.has(id) ? [id] : []));
}
