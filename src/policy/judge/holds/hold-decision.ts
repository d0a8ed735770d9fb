import type { Mode, Step } from "../../policy.ts";
import type { BudgetPlace } from "../../spend/budget-place.ts";
import type { BudgetGuard } from "../budgets/budgets.ts";
import type { Evidence } from "../verdict.ts";

/** Why what a rule wants held is not held. `released`: a person let it go, or enabled it; `maxHolds`: as many are held as may be. */
export type HoldGuard = "pause" | "exemption" | "released" | "maxHolds" | BudgetGuard;

/**
 * A budget's hold step that is reached: the schedules behind its group are wanted held until its window ends. Which those
 * are is found out only then. `hold` is another thing, of a run: a stop that a guard prevents.
 */
export type HoldDecision = {
  readonly subject: {
    readonly kind: "budget";
    readonly ruleId: string;
    readonly group: string;
    readonly from: Date;
  };
  readonly ruleId: string;
  readonly step: Step;
  readonly action: "hold-sources";
  readonly mode: Mode;
  readonly guard?: HoldGuard;
  readonly evidence: Evidence & { readonly budget: BudgetPlace };
  /** Whom to notify, as the rule or the policy says. */
  readonly owner?: string;
};

/** On whose account a schedule is held. */
export type HoldCause =
  /** Of one group in the window that begins at `from`. */
  | { readonly kind: "budget"; readonly ruleId: string; readonly group: string; readonly from: Date }
  /** Its runs were stopped and came again so many times. */
  | { readonly kind: "loop"; readonly stops: number }
  | { readonly kind: "hand"; readonly by: string; readonly reason: string };

/** A schedule that is to be held, and until when. */
export type WantedHold = {
  readonly scheduleId: string;
  readonly cause: HoldCause;
  readonly until: Date;
  readonly mode: Mode;
  /** Why it is not held, if so. */
  readonly guard?: HoldGuard;
  /** Of a budget: the step that asks for it, and what it rests on. */
  readonly step?: Step;
  readonly evidence?: Evidence;
  readonly owner?: string;
};
