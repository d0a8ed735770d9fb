import type { Unit } from "../limits/limit.ts";
import type { Budget } from "../policy.ts";
import { toUsd } from "../values/money.ts";

/** The unit of what a budget limits. */
export const unitOfBudget = ({ of }: Pick<Budget, "of">): Unit => (of === "usd" ? "USD" : "count");

/** An amount of a budget as people read it: micro-dollars become dollars. */
export const plainAmount = ({ of }: Pick<Budget, "of">, amount: number): number =>
  of === "usd" ? toUsd(amount) : amount;
