import { unitOf } from "../limits/registry.ts";
import {
  type BudgetRule,
  basisOf,
  holdersIn,
  isBudgetRule,
  isStop,
  type LimitRule,
  type MaxAborts,
  modeOf,
  type Policy,
  type Rule,
} from "../policy.ts";
import { canMeet, type Schedule } from "../values/schedule.ts";
import { zoneDoubt } from "../values/zone-doubt.ts";
import type { Problem } from "./errors.ts";
import { exceptsAll } from "./excepts-all.ts";
import { neverBites } from "./never-bites.ts";
import { unknownWords } from "./unknown-words.ts";

/**
 * What a policy that can be used all the same is warned of. `slip`: it is likely not what was meant. `never-bites`: a rule or
 * a guard that can do nothing, as long as the policy is as it is; to be shouted. `ask`: it is meant, and mostly regretted;
 * who pushes it is asked.
 */
export type WarningKind = "slip" | "never-bites" | "ask";

/** `path` is the place in the document. */
export type Warning = {
  readonly path: Problem["path"];
  readonly warning: string;
  readonly kind: WarningKind;
};

const stops = ({ steps }: Rule): boolean => steps.some(isStop);

/** Fewer successful runs than this say next to nothing of what is usual. */
const FEW_SAMPLES = 5;

const slip = (path: Problem["path"], warning: string): Warning => ({ path, warning, kind: "slip" });
const neverBiting = (path: Problem["path"], warning: string): Warning => ({
  path,
  warning,
  kind: "never-bites",
});

function* ofRule(policy: Policy, rule: Rule): Generator<Warning> {
  const { steps, schedule: ruled } = rule;
  const excepting = rule.for && exceptsAll(rule.for);
  if (excepting) {
    const warning = `except.${excepting} excepts all that is selected, so the rule applies to no run; drop one of the two`;
    yield neverBiting(["for"], warning);
  }
  const forestalled = neverBites(policy, rule);
  if (forestalled) yield neverBiting(forestalled.path, forestalled.warning);
  for (const { path, warning } of unknownWords(rule)) yield slip(path, warning);
  const shut = steps.findIndex(({ schedule }) => ruled && schedule && !canMeet(ruled, schedule));
  if (shut !== -1) {
    const warning = "it is never open while the rule's own schedule is, so the step is never reached";
    yield neverBiting(["steps", shut, "schedule"], warning);
  }
  yield* isBudgetRule(rule) ? ofBudget(rule) : ofLimit(rule);
}

function* ofBudget({ budget, for: selector }: BudgetRule): Generator<Warning> {
  // Whoever names tasks asks for no others.
  if (budget.each === "task" && selector?.tasks === undefined) {
    const warning =
      "runs without a task are in no budget of a task; name the tasks in for.tasks, or give the others a budget of their own";
    yield slip(["budget", "each"], warning);
  }
  const isScheduled =
    selector?.schedules !== undefined || selector?.origins?.every((origin) => origin === "SCHEDULER");
  if (budget.each === "schedule" && isScheduled !== true) {
    const warning =
      "runs that no schedule started are in no budget of a schedule; write origins: [SCHEDULER] in for, or give the others a budget of their own";
    yield slip(["budget", "each"], warning);
  }
}

function* ofLimit(rule: LimitRule): Generator<Warning> {
  const { limit, steps } = rule;
  const beyond = unitOf(limit.metric) === "flag" ? steps.findIndex(({ at }) => at > 100) : -1;
  if (beyond !== -1) {
    const warning = `${steps[beyond]?.at}% is never reached: a run is at 100% of ${limit.metric} or at 0%`;
    yield neverBiting(["steps", beyond, "at"], warning);
  }
  if (limit.metric.startsWith("timesTypical") && stops(rule)) {
    const warning =
      "a stop at so many times the usual ends healthy runs as well, of what was measured from 1.5% to 14%; notify on it, and stop on a limit of its own";
    yield { path: ["limit", "timesTypical"], warning, kind: "ask" };
  }
  const { samples = FEW_SAMPLES } = limit.options ?? {};
  if (samples < FEW_SAMPLES && stops(rule)) {
    const warning = `${samples} is few to say what is usual, for a rule that stops; ${FEW_SAMPLES} or more are safer`;
    yield slip(["limit", "timesTypical", "samples"], warning);
  }
  const guessing = steps.findIndex((step) => isStop(step) && basisOf(step) === "estimate");
  if (guessing !== -1) {
    const warning =
      "a stop on an estimate is taken only where it is known that the Actor is not your own, and else goes by what Apify reports; notify on the estimate, and stop without a basis";
    yield slip(["steps", guessing, "basis"], warning);
  }
}

const GUARDS: readonly (keyof MaxAborts)[] = ["perTick", "perHour", "percentOfLive"];
/** As many runs as Apify's largest plan runs at once. */
const MANY = 256;

/** Holds that can't come. */
function* ofHolds(policy: Policy): Generator<Warning> {
  const holding = holdersIn(policy);
  if (holding.length === 0 || policy.guards.maxHolds > 0) return;
  const ids = holding.join(", ");
  const warning = `0 means that no schedule is ever held, although ${ids} ${holding.length === 1 ? "holds" : "hold"} some; leave it out to hold up to 10`;
  yield neverBiting(["guards", "maxHolds"], warning);
}

function* ofGuards(policy: Policy): Generator<Warning> {
  const { maxAborts } = policy.guards;
  const path = ["guards", "maxAborts"];
  const enforced = policy.rules.filter((rule) => stops(rule) && modeOf(policy, rule) === "enforce");
  if (enforced.length === 0) return;
  const none = GUARDS.find((guard) => maxAborts[guard] === 0);
  if (none) {
    const ids = enforced.map(({ id }) => id).join(", ");
    const warning = `0 means that no run is ever stopped, although mode is enforce for ${ids}; to stop none, write mode: observe`;
    yield neverBiting([...path, none], warning);
  }
  if (maxAborts.percentOfLive === 100 && Math.min(maxAborts.perTick, maxAborts.perHour) > MANY) {
    const warning = `nothing bounds how many runs a wrong rule may stop; lower one of ${GUARDS.join(", ")}`;
    yield slip(path, warning);
  }
  if (maxAborts.percentOfLive === 1) {
    const warning = "1 is 1%: of fewer than 300 live runs it stops 3; all of them are 100";
    yield slip([...path, "percentOfLive"], warning);
  }
}

/** Zones that are read and likely not meant, each where it is written. */
function* ofZones({ timeZone, rules }: Policy): Generator<Warning> {
  const own = (schedule: Schedule | undefined): string | undefined =>
    schedule && schedule.timeZone !== timeZone ? schedule.timeZone : undefined;
  const places = [
    { path: ["timeZone"], zone: timeZone },
    ...rules.flatMap(({ schedule, steps }, index) => [
      { path: ["rules", index, "schedule", "timeZone"], zone: own(schedule) },
      ...steps.map((step, at) => ({
        path: ["rules", index, "steps", at, "schedule", "timeZone"],
        zone: own(step.schedule),
      })),
    ]),
  ];
  for (const { path, zone } of places) {
    const doubt = zone && zoneDoubt(zone);
    if (doubt) yield slip(path, doubt);
  }
}

/** Ids that nobody tells apart who reads them aloud. */
function* ofIds({ rules }: Policy): Generator<Warning> {
  const seen = new Map<string, string>();
  for (const [index, { id }] of rules.entries()) {
    const like = seen.get(id.toLowerCase());
    if (like)
      yield slip(["rules", index, "id"], `it differs from ${like} in capitals alone; name it otherwise`);
    else seen.set(id.toLowerCase(), id);
  }
}

/** Likely slips: only what is certain to be of no use, or is known to go wrong. Empty for most policies. */
export const warningsOf = (policy: Policy): readonly Warning[] => [
  ...ofGuards(policy),
  ...ofHolds(policy),
  ...ofZones(policy),
  ...ofIds(policy),
  ...policy.rules.flatMap((rule, index) =>
    [...ofRule(policy, rule)].map((each) => ({ ...each, path: ["rules", index, ...each.path] })),
  ),
];
