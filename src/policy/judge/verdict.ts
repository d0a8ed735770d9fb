import type { Unit } from "../limits/limit.ts";
import type { Source } from "../observation.ts";
import type { Basis, Step } from "../policy.ts";
import type { BudgetPlace } from "../spend/budget-place.ts";

/** What a verdict rests on. `measured` and `limit` are in `unit`; money is in whole micro-dollars here. */
export type Evidence = {
  readonly metric: string;
  readonly measured: number;
  readonly limit: number;
  readonly unit: Unit;
  readonly observedAt: Date;
  /** `ledger`: what is recorded of many runs; `account`: what Apify says of the account. */
  readonly source: Source | "ledger" | "account";
  readonly basis: Basis;
  /** What else the figure rests on, in the units that people read. */
  readonly facts?: Readonly<Record<string, number>>;
  /** Of a budget: whose, and of which window. */
  readonly budget?: BudgetPlace;
};

/** A step, and the figure that reached it. */
export type Reached = { readonly step: Step; readonly evidence: Evidence };

/** A step that the figure has reached and that is not taken yet. */
export type Waiting = { readonly step: Step; readonly for: "a second look" | "its schedule" };

/** That there is no figure, and why. `young`: too early to hold it against anyone. */
export type Unknown = {
  readonly kind: "unknown";
  readonly metric: string;
  readonly reason: string;
  readonly young: boolean;
  /** There is a figure that has reached a stop, and it may be more than what will be billed. */
  readonly isDoubt?: true;
};

/** What one rule says of one run. `stop` and `notice` are the steps it has reached, if any. */
export type Verdict =
  | { readonly kind: "within"; readonly evidence: Evidence; readonly waiting: readonly Waiting[] }
  | {
      readonly kind: "breach";
      readonly evidence: Evidence;
      readonly waiting: readonly Waiting[];
      /** The steps that are not taken: not reached yet, or waiting. */
      readonly ahead: readonly Step[];
      readonly stop?: Reached;
      /** Of a budget: that the schedules behind its group are to be held, whatever step above is reached. */
      readonly hold?: Reached;
      readonly notice?: Reached;
      /** Apify tells no figure, or none to stop by, although our own lower bound of it has reached a step. */
      readonly untold?: Unknown;
    }
  | Unknown;
