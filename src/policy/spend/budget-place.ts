import type { Budget } from "../policy.ts";

/** What evidence of a budget is about: whose, and of which window. */
export type BudgetPlace = Pick<Budget, "of" | "per" | "each"> & {
  /** `account`, or an Actor's id, a task's or an origin. */
  readonly group: string;
  readonly from: Date;
  readonly to: Date;
};
