import type { MemoryRange } from "./values/memory.ts";
import type { Schedule } from "./values/schedule.ts";
import type { Percent } from "./values/share.ts";

/** `observe` decides and records all that `enforce` would, and calls nothing. */
export type Mode = "observe" | "enforce";

/**
 * `hold`, of a budget, disables the schedules that start its runs until its window ends; `abort` is Apify's graceful abort;
 * `abort-now` kills without grace.
 */
export type Action = "notify" | "hold" | "abort" | "abort-now";

/**
 * What a figure rests on: what Apify says, our own lower bound of it (at most what can be billed), or what a budget will come to by the end of its
 * window if all goes on as it does, or what Apify says that the whole account has used. A step must ask for all but the first.
 */
export type Basis = "actual" | "estimate" | "projected" | "account";

/** At what share of the limit to do what. */
export type Step = {
  readonly at: Percent;
  readonly do: Action;
  /** Absent: actual. */
  readonly basis?: Exclude<Basis, "actual">;
};

/** Does the step stop runs? A hold stops only what would start them. */
export const isStop = ({ do: action }: { readonly do: string }): boolean =>
  action === "abort" || action === "abort-now";

/** A step as a rule has it. */
export type RuleStep = Step & {
  /** When it may be reached; absent: always. */
  readonly schedule?: Schedule;
};

/** Values of a key are joined by OR, keys by AND. Names and builds may hold `*`. */
export type Criteria = {
  readonly actors?: readonly string[];
  readonly tasks?: readonly string[];
  /** What started it: schedules by id, or by their name alone, which has no owner in front. */
  readonly schedules?: readonly string[];
  readonly origins?: readonly string[];
  /** By the tag that was asked for, such as `latest`, or by number, such as `0.1.*`. */
  readonly builds?: readonly string[];
  readonly memory?: readonly MemoryRange[];
  readonly pricingModels?: readonly string[];
};

/** A run is excepted when any key of `except` matches. */
export type Selector = Criteria & { readonly except?: Criteria };

/** One thing that is limited. `value` is in the metric's canonical unit: micro-dollars, seconds, bytes or a count. */
export type RuleLimit = {
  readonly metric: string;
  readonly value: number;
  /** What else the metric depends on, in canonical units, defaults filled in. */
  readonly options?: Readonly<Record<string, number>>;
};

/** What a budget is of: money, starts of runs, or runs that failed or timed out. */
export const QUANTITIES = ["usd", "runs", "failures"] as const;
export type Quantity = (typeof QUANTITIES)[number];

/** How often a budget begins anew; `cycle` is Apify's monthly usage cycle. Weeks begin on Monday. */
export const PERIODS = ["hour", "day", "week", "month", "cycle"] as const;
export type Period = (typeof PERIODS)[number];

/** What has a budget of its own: all that the rule selects as one, or each Actor, task or origin of it. */
export const EACHES = ["account", "actor", "task", "schedule", "origin"] as const;
export type Each = (typeof EACHES)[number];

/** What all runs of a group together may spend, or how many of them may start or fail, in a window of time. */
export type Budget = {
  readonly of: Quantity;
  /** In whole micro-dollars, or a count. */
  readonly limit: number;
  readonly per: Period;
  readonly each: Each;
  /** Where its days, weeks and months begin, as IANA names it. */
  readonly timeZone: string;
};

type RuleBase = {
  readonly id: string;
  /** Absent: the policy's mode. */
  readonly mode?: Mode;
  /** Whom to tell: a name, a team, an address. Absent: the policy's. */
  readonly owner?: string;
  /** Absent: every run. One of origin STANDBY is stopped only where it is named; its money counts in budgets all the same. */
  readonly for?: Selector;
  /** When it applies; outside of it the rule limits nothing. Absent: always. */
  readonly schedule?: Schedule;
  /** Ascending by share. */
  readonly steps: readonly RuleStep[];
};

/** Limits one run. */
export type LimitRule = RuleBase & { readonly limit: RuleLimit; readonly budget?: never };
/** Limits what the runs of a group spend in a window of time. */
export type BudgetRule = RuleBase & { readonly budget: Budget; readonly limit?: never };
export type Rule = LimitRule | BudgetRule;

export const isBudgetRule = (rule: Rule): rule is BudgetRule => rule.budget !== undefined;
export const isLimitRule = (rule: Rule): rule is LimitRule => !isBudgetRule(rule);

/** How many runs may be stopped; 0 means none. */
export type MaxAborts = {
  /** Each intent counts. */
  readonly perTick: number;
  /** A run counts once, however often it comes back. */
  readonly perHour: number;
  /** Of the runs live now plus those stopped in the last 60 minutes; does not bind below 3. */
  readonly percentOfLive: Percent;
};

/** When stops of what one source starts again and again are a loop, and what is done about it. */
export type LoopGuard = {
  readonly stops: number;
  readonly withinSecs: number;
  /** `hold`: the schedules that are loops are disabled for a while, too. */
  readonly do: "notify" | "hold";
};

export type Policy = {
  readonly version: 1;
  readonly mode: Mode;
  /** Where days and hours begin and end, as IANA names it. */
  readonly timeZone: string;
  readonly owner?: string;
  /** Why a run was stopped is written on the run itself, for Apify's Console to show. Absent: it is not. */
  readonly statusMessages?: true;
  readonly escalation: { readonly forceAfterSecs: number; readonly alarmAfterSecs: number };
  readonly guards: {
    readonly maxAborts: MaxAborts;
    /** How many schedules may be held at once; 0 means none. */
    readonly maxHolds: number;
    readonly loop: LoopGuard;
    /** Budgets stop nothing when the last complete tick is older. */
    readonly staleAfterSecs: number;
  };
  readonly rules: readonly Rule[];
};

export const modeOf = (policy: Policy, rule: Rule): Mode => rule.mode ?? policy.mode;
/** What may hold schedules: budgets by their id, and the guard of loops. */
export const holdersIn = ({ rules, guards }: Policy): readonly string[] => [
  ...rules.flatMap(({ id, steps }) => (steps.some((step) => step.do === "hold") ? [id] : [])),
  ...(guards.loop.do === "hold" ? [LOOP_GUARD] : []),
];
export const ownerOf = (policy: Policy, rule: Rule): string | undefined => rule.owner ?? policy.owner;
export const basisOf = ({ basis }: Step): Basis => basis ?? "actual";

/** Apify stops a graceful abort by force after so long. */
export const GRACE_SECS = 30;

export const DEFAULT_ESCALATION = { forceAfterSecs: 60, alarmAfterSecs: 300 } as const;
export const DEFAULT_MAX_ABORTS = { perTick: 10, perHour: 30, percentOfLive: 50 } as const;
/** More stops than these no policy may allow: so many are kept in one place, and can be taken back by people. */
export const MOST_ABORTS = { perTick: 1000, perHour: 10_000 } as const;
export const DEFAULT_MAX_HOLDS = 10;
/** More schedules than these no policy may hold at once: they are remembered in one place. */
export const MOST_HOLDS = 200;
export const DEFAULT_LOOP: LoopGuard = { stops: 3, withinSecs: 3600, do: "notify" };
/** As what a loop is held, where a budget is by its rule. */
export const LOOP_GUARD = "guards.loop";
export const DEFAULT_STALE_AFTER_SECS = 600;
export const DEFAULT_TIME_ZONE = "UTC";
