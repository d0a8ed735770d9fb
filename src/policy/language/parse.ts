import * as v from "valibot";
import { limitFor } from "../limits/registry.ts";
import {
  type BudgetRule,
  DEFAULT_ESCALATION,
  DEFAULT_LOOP,
  DEFAULT_MAX_ABORTS,
  DEFAULT_MAX_HOLDS,
  DEFAULT_STALE_AFTER_SECS,
  DEFAULT_TIME_ZONE,
  isLimitRule,
  type LimitRule,
  type LoopGuard,
  type Policy,
  type Rule,
  type RuleStep,
} from "../policy.ts";
import { formatDuration } from "../values/duration.ts";
import type { Schedule } from "../values/schedule.ts";
import { formatPath, PolicyError, type Problem } from "./errors.ts";
import { problemsIn, show } from "./problems.ts";
import { policySchema } from "./schema/schema.ts";
import { slipsIn } from "./slips.ts";

/** What a rule's limit and its steps say of each other. */
function* limitChecks({ limit, steps }: LimitRule, index: number): Generator<Problem> {
  const estimated = steps.findIndex((each) => each.basis === "estimate");
  if (estimated !== -1 && !limitFor(limit.metric).estimates) {
    const expected = `actual, or no basis; only a limit on usageTotalUsd can be estimated`;
    yield { path: ["rules", index, "steps", estimated, "basis"], got: '"estimate"', expected };
  }
  const step = steps.findIndex((each) => each.do === "abort");
  if (limit.metric === "abortingTime" && step !== -1) {
    const expected = "notify or abort-now; a run that is ABORTING was already asked to end gracefully";
    yield { path: ["rules", index, "steps", step, "do"], got: '"abort"', expected };
  }
}

/** What a budget that is held against Apify's own figure can be. */
function* budgetChecks({ budget, for: selector, steps }: BudgetRule, index: number): Generator<Problem> {
  const byAccount = steps.findIndex(({ basis }) => basis === "account");
  if (byAccount === -1) return;
  const place = ["rules", index];
  const because =
    "for a step on basis: account, which is what Apify says of the whole account in its usage cycle";
  const stop = steps.findIndex(({ basis, do: action }) => basis === "account" && action !== "notify");
  if (stop !== -1) {
    const expected = "notify; Apify's own figure has storage and builds in it, which no stop of a run ends";
    yield { path: [...place, "steps", stop, "do"], got: show(steps[stop]?.do), expected };
  }
  if (budget.of !== "usd")
    yield { path: [...place, "budget", budget.of], got: show(budget.limit), expected: `usd, ${because}` };
  if (budget.per !== "cycle")
    yield { path: [...place, "budget", "per"], got: show(budget.per), expected: `cycle, ${because}` };
  if (budget.each !== "account")
    yield { path: [...place, "budget", "each"], got: show(budget.each), expected: `account, ${because}` };
  if (selector) yield { path: [...place, "for"], got: show(selector), expected: `no for, ${because}` };
}

/** What a schema can't say of one place alone. */
function* crossChecks(policy: Policy): Generator<Problem> {
  const seen = new Set<string>();
  for (const [index, rule] of policy.rules.entries()) {
    if (seen.has(rule.id)) {
      yield { path: ["rules", index, "id"], got: show(rule.id), expected: "an id that no other rule has" };
    }
    seen.add(rule.id);
    yield* isLimitRule(rule) ? limitChecks(rule, index) : budgetChecks(rule, index);
  }
  const { forceAfterSecs, alarmAfterSecs } = policy.escalation;
  if (alarmAfterSecs < forceAfterSecs) {
    const expected = `at least forceAfter (${formatDuration(forceAfterSecs)}), for the alarm comes after the forced abort`;
    yield { path: ["escalation", "alarmAfter"], got: formatDuration(alarmAfterSecs), expected };
  }
}

/** Drops keys that are there but undefined, which the strict types tell from absent ones. */
const compact = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

type Written = v.InferOutput<typeof policySchema>;

type WrittenRule = Written["rules"][number];
type WrittenSchedule = NonNullable<WrittenRule["schedule"]>;

function scheduleFrom({ days, hours, timeZone }: WrittenSchedule, zone: string): Schedule {
  return {
    ...(days && { days: [...new Set(days.flat())] }),
    ...(hours && { hours }),
    timeZone: timeZone ?? zone,
  };
}

const stepFrom = (
  { at, do: action, basis, schedule }: WrittenRule["steps"][number],
  zone: string,
): RuleStep => ({
  at,
  do: action,
  ...(basis !== undefined && basis !== "actual" && { basis }),
  ...(schedule && { schedule: scheduleFrom(schedule, zone) }),
});

function ruleFrom(written: WrittenRule, zone: string): Rule {
  const { steps, schedule, limit, budget, ...rest } = { limit: undefined, ...written };
  const base = {
    ...compact(rest),
    ...(schedule && { schedule: scheduleFrom(schedule, zone) }),
    steps: steps.map((step) => stepFrom(step, zone)),
  } as Omit<LimitRule, "limit">;
  if (limit) return { ...base, limit };
  const { of, limit: most, per, each = "account" } = budget;
  return { ...base, budget: { of, limit: most, per, each, timeZone: zone } };
}

const loopFrom = ({
  stops = DEFAULT_LOOP.stops,
  within: withinSecs = DEFAULT_LOOP.withinSecs,
  do: action = DEFAULT_LOOP.do,
}: NonNullable<NonNullable<Written["guards"]>["loop"]> = {}): LoopGuard => ({
  stops,
  withinSecs,
  do: action,
});

/** Of two that are wrong with one place, the one that says what was meant. */
function withSlips(problems: readonly Problem[], slips: readonly Problem[]): readonly Problem[] {
  const places = new Set(slips.map(({ path }) => formatPath(path)));
  return [...problems.filter(({ path }) => !places.has(formatPath(path))), ...slips];
}

/**
 * Reads a policy document (already JSON, not text) into a policy with every default filled in.
 * Throws `PolicyError` with every problem found: path, what came, what was wanted.
 */
export const parsePolicy = (document: unknown): Policy => read(document, slipsIn(document));

/**
 * The same of a policy that was pushed before, by whatever version: what it could be read as then it is read as now, though
 * it would be refused of one that is written today.
 */
export const parseStoredPolicy = (document: unknown): Policy => read(document, []);

function read(document: unknown, slips: readonly Problem[]): Policy {
  const parsed = v.safeParse(policySchema, document);
  if (!parsed.success) throw new PolicyError(withSlips(problemsIn(document, parsed.issues), slips));
  const { mode = "observe", timeZone = DEFAULT_TIME_ZONE, owner, escalation, guards, rules } = parsed.output;
  const forceAfterSecs = escalation?.forceAfter ?? DEFAULT_ESCALATION.forceAfterSecs;
  const policy: Policy = {
    version: 1,
    mode,
    timeZone,
    ...(owner !== undefined && { owner }),
    ...(parsed.output.statusMessages && { statusMessages: true as const }),
    escalation: {
      forceAfterSecs,
      alarmAfterSecs: escalation?.alarmAfter ?? Math.max(DEFAULT_ESCALATION.alarmAfterSecs, forceAfterSecs),
    },
    guards: {
      maxAborts: { ...DEFAULT_MAX_ABORTS, ...compact(guards?.maxAborts ?? {}) },
      maxHolds: guards?.maxHolds ?? DEFAULT_MAX_HOLDS,
      loop: loopFrom(guards?.loop),
      staleAfterSecs: guards?.staleAfter ?? DEFAULT_STALE_AFTER_SECS,
    },
    rules: rules.map((rule) => ruleFrom(rule, timeZone)),
  };
  const problems = withSlips([...crossChecks(policy)], slips);
  if (problems.length > 0) throw new PolicyError(problems);
  return policy;
}
