import type { Percent } from "./share.ts";

/** `observe` decides and records all that `enforce` would, and calls nothing. */
export type Mode = "observe" | "enforce";

/** `abort` is Apify's graceful abort; `abort-now` kills without grace. */
export type Action = "notify" | "abort" | "abort-now";

/** At what share of the limit to do what. */
export type Step = { readonly at: Percent; readonly do: Action };

/** Values of a key are joined by OR, keys by AND. Names may hold `*`. */
export type Criteria = {
  readonly actors?: readonly string[];
  readonly tasks?: readonly string[];
  readonly origins?: readonly string[];
};

/** A run is excepted when any key of `except` matches. */
export type Selector = Criteria & { readonly except?: Criteria };

export type Rule = {
  readonly id: string;
  /** Absent: the policy's mode. */
  readonly mode?: Mode;
  /** Absent: every run, but for origin STANDBY, which must be named. */
  readonly for?: Selector;
  /** `value` in the metric's canonical unit: micro-dollars, seconds, bytes or a count. */
  readonly limit: { readonly metric: string; readonly value: number };
  /** Ascending by share. */
  readonly steps: readonly Step[];
};

/** How many intents there may be; 0 means none. */
export type MaxAborts = {
  readonly perTick: number;
  readonly perHour: number;
  /** Of the runs live now plus those stopped in the last 60 minutes; does not bind below 3. */
  readonly percentOfLive: Percent;
};

export type Policy = {
  readonly version: 1;
  readonly mode: Mode;
  readonly escalation: { readonly forceAfterSecs: number; readonly alarmAfterSecs: number };
  readonly guards: { readonly maxAborts: MaxAborts };
  readonly rules: readonly Rule[];
};

export const modeOf = (policy: Policy, rule: Rule): Mode => rule.mode ?? policy.mode;

export const DEFAULT_ESCALATION = { forceAfterSecs: 60, alarmAfterSecs: 300 } as const;
export const DEFAULT_MAX_ABORTS = { perTick: 10, perHour: 30, percentOfLive: 50 } as const;
