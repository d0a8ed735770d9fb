import type { During } from "../ground/during.ts";

/** Two kinds of answers tell of a run: lists, in short, and all others, in full. */
export type AnswerKind = "list" | "detail";

/**
 * No `usageTotalUsd` in one kind of answer, or in both: the key left out, null, or 0 although there is a cost. What
 * follows the figure is 0 with it, as `usageUsd` and the accounted events; `stats`, `usage` and charged events go on.
 */
export type CostMissing = During & {
  readonly as: "absent" | "null" | "zero";
  /** Default: both. */
  readonly in?: AnswerKind;
};
