import { knownKeys, limitFor, unitOf } from "../limits/registry.ts";
import {
  type BudgetRule,
  isBudgetRule,
  type LimitRule,
  type MaxAborts,
  modeOf,
  type Policy,
  type Rule,
} from "../policy.ts";
import { nearest } from "../values/nearest.ts";
import { canMeet } from "../values/schedule.ts";
import type { Problem } from "./errors.ts";
import { exceptsAll } from "./excepts-all.ts";

/** A likely slip in a policy that can be used all the same. `path` is its place in the document. */
export type Warning = { readonly path: Problem["path"]; readonly warning: string };

const stops = ({ steps }: Rule): boolean => steps.some((step) => step.do !== "notify");

/** Fewer successful runs than this say next to nothing of what is usual. */
const FEW_SAMPLES = 5;

function* ofRule(rule: Rule): Generator<Warning> {
  const { steps, schedule: ruled } = rule;
  const excepting = rule.for && exceptsAll(rule.for);
  if (excepting) {
    const warning = `except.${excepting} excepts all that is selected, so the rule applies to no run; drop one of the two`;
    yield { path: ["for"], warning };
  }
  const shut = steps.findIndex(({ schedule }) => ruled && schedule && !canMeet(ruled, schedule));
  if (shut !== -1) {
    const warning = "it is never open while the rule's own schedule is, so the step is never reached";
    yield { path: ["steps", shut, "schedule"], warning };
  }
  yield* isBudgetRule(rule) ? ofBudget(rule) : ofLimit(rule);
}

function* ofBudget({ budget, for: selector }: BudgetRule): Generator<Warning> {
  // Whoever names tasks asks for no others.
  if (budget.each === "task" && selector?.tasks === undefined) {
    const warning =
      "runs without a task are in no budget of a task; name the tasks in for.tasks, or give the others a budget of their own";
    yield { path: ["budget", "each"], warning };
  }
}

function* ofLimit(rule: LimitRule): Generator<Warning> {
  const { limit, steps } = rule;
  const beyond = unitOf(limit.metric) === "flag" ? steps.findIndex(({ at }) => at > 100) : -1;
  if (beyond !== -1) {
    const warning = `${steps[beyond]?.at}% is never reached: a run is at 100% of ${limit.metric} or at 0%`;
    yield { path: ["steps", beyond, "at"], warning };
  }
  const { samples = FEW_SAMPLES } = limit.options ?? {};
  if (samples < FEW_SAMPLES && stops(rule)) {
    const warning = `${samples} is few to say what is usual, for a rule that stops; ${FEW_SAMPLES} or more are safer`;
    yield { path: ["limit", "timesTypical", "samples"], warning };
  }
  const { metric } = limit;
  const family = limitFor(metric);
  const known = knownKeys(family);
  const guess = family.open && !known.includes(metric) ? nearest(metric, known) : undefined;
  if (guess) {
    const warning = `Apify documents no such field, and what it does not tell is never a breach; did you mean ${guess}?`;
    yield { path: ["limit", metric], warning };
  }
}

const GUARDS: readonly (keyof MaxAborts)[] = ["perTick", "perHour", "percentOfLive"];
/** As many runs as Apify's largest plan runs at once. */
const MANY = 256;

function* ofGuards(policy: Policy): Generator<Warning> {
  const { maxAborts } = policy.guards;
  const path = ["guards", "maxAborts"];
  const enforced = policy.rules.filter((rule) => stops(rule) && modeOf(policy, rule) === "enforce");
  if (enforced.length === 0) return;
  const none = GUARDS.find((guard) => maxAborts[guard] === 0);
  if (none) {
    const ids = enforced.map(({ id }) => id).join(", ");
    const warning = `0 means that no run is ever stopped, although mode is enforce for ${ids}; to stop none, write mode: observe`;
    yield { path: [...path, none], warning };
  }
  if (maxAborts.percentOfLive === 100 && Math.min(maxAborts.perTick, maxAborts.perHour) > MANY) {
    const warning = `nothing bounds how many runs a wrong rule may stop; lower one of ${GUARDS.join(", ")}`;
    yield { path, warning };
  }
}

/** Likely slips: only what is certain to be of no use, or is known to go wrong. Empty for most policies. */
export const warningsOf = (policy: Policy): readonly Warning[] => [
  ...ofGuards(policy),
  ...policy.rules.flatMap((rule, index) =>
    [...ofRule(rule)].map(({ path, warning }) => ({ path: ["rules", index, ...path], warning })),
  ),
];
