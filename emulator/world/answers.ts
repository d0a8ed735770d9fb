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

/**
 * Answers that show a run, or a part of it, as it was: `byMs` ago or, without that, at `fromMs`, where it then stands
 * still. Only reads are: what answers a call shows the run's status as the call left it.
 */
export type Stale = During & {
  /** Default: both. */
  readonly in?: AnswerKind;
  /**
   * `stats` alone; `cost` alone, that is figures, usage and events; `measures`, the default, are both of these; `all` is
   * the status as well, and that there is such a run.
   */
  readonly what?: "stats" | "cost" | "measures" | "all";
  readonly byMs?: number;
};

/** How answers differ from what the pretend Apify would answer by itself; paths are dotted, as `stats.resurrectCount`. */
export type FieldChange = During & {
  /** Default: both. */
  readonly in?: AnswerKind;
  /** Values of any kind, put in whatever was there. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Keys that are left out. */
  readonly omit?: readonly string[];
  /** Of the object at each path, the keys that are kept, where they are there at all. */
  readonly keep?: Readonly<Record<string, readonly string[]>>;
};

/** A status that the reference does not know, told in place of the true one while the run is live. */
export type ShownAs = During & { readonly status: string };
