/**
 * What the service may do within its documentation, and does not do every time. Without any of it the model is a
 * DynamoDB in which each request happens at one instant. All times in ms.
 */
export type Latitude = {
  /** In [0, 1). */
  readonly random: () => number;
  /**
   * How long a transaction is at work. So long its items are busy for others, and each shows its new value from an
   * instant of its own on: before the answer, a reader may see one and not the other.
   */
  readonly transactionMs: () => number;
  /** How far an eventually consistent read is behind. */
  readonly staleMs: () => number;
  /** How far a global secondary index is behind its table, item by item. */
  readonly indexLagMs: () => number;
  /** How long an expired item is still there: "typically … within two days" (API reference: UpdateTimeToLive). */
  readonly expiryDelayMs: () => number;
  /** Is this key of a BatchGetItem left over, in UnprocessedKeys? */
  readonly leavesKey: () => boolean;
};

export const PROMPT: Latitude = {
  random: () => 0,
  transactionMs: () => 0,
  staleMs: () => 0,
  indexLagMs: () => 0,
  expiryDelayMs: () => 48 * 60 * 60_000,
  leavesKey: () => false,
};
