import type { Observation } from "../observation.ts";
import type { Action, Mode, Policy, Step } from "../policy.ts";
import type { BudgetPlace } from "../spend/budget-place.ts";
import type { LedgerView } from "../spend/ledger-view.ts";
import type { Blast } from "./blast/blast.ts";
import type { BudgetStandings } from "./budgets/budgets.ts";
import type { ControlView, Guard } from "./guards.ts";
import type { HoldDecision } from "./holds/hold-decision.ts";
import type { AlsoBreached } from "./stop.ts";
import type { Evidence } from "./verdict.ts";

/**
 * What this tick will do about one run, and why. `hold` is a stop that a guard prevents; under `observe` the
 * action is what enforce would do, and nothing is called.
 */
export type Decision = {
  readonly subject: { readonly kind: "run"; readonly runId: string; readonly life: number };
  readonly ruleId: string;
  readonly step: Step;
  readonly action: Action;
  readonly mode: Mode;
  readonly guard?: Guard;
  readonly evidence: Evidence;
  readonly also: readonly AlsoBreached[];
  /** Whom to tell, as the rule or the policy says. */
  readonly owner?: string;
  /** What the rule does next, of what it has not done yet. */
  readonly next?: Step;
};

/** A budget's step that is reached: told of the budget itself, whatever becomes of its runs. */
export type BudgetDecision = {
  readonly subject: {
    readonly kind: "budget";
    readonly ruleId: string;
    readonly group: string;
    readonly from: Date;
  };
  readonly ruleId: string;
  readonly step: Step;
  readonly action: "notify";
  readonly mode: Mode;
  /** Why its stops are held now, if so. */
  readonly guard?: Guard;
  readonly evidence: Evidence & { readonly budget: BudgetPlace };
  readonly owner?: string;
  readonly next?: Step;
};

export type DecideInput = {
  readonly policy: Policy;
  readonly observations: readonly Observation[];
  /** What budgets are judged by. Absent: the ledger was not read, and no budget says anything. */
  readonly ledger?: LedgerView | undefined;
  /** Where the budgets stand, for who knows it without a ledger. */
  readonly budgets?: BudgetStandings | undefined;
  readonly control: ControlView;
  readonly blast: Blast;
  readonly now: Date;
};

export type Decisions = {
  /** Stops first, the dearest burn rate leading; then notices. */
  readonly decisions: readonly Decision[];
  readonly budgets: readonly BudgetDecision[];
  /** Budgets whose schedules are wanted held, in the order of the rules. */
  readonly holds: readonly HoldDecision[];
  /** Runs whose cost a rule asks for and Apify does not tell, past their first two minutes. */
  readonly unknownCost: readonly string[];
  /** Why rules could not judge runs that they may be meant for, by reason: how often. */
  readonly unjudged: Readonly<Record<string, number>>;
};
