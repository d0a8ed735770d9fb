/** Something that grows with time and never falls, as a cost does. It may grow by a lump at an instant. */
export interface Accrual {
  /** How much there is at the instant, what came at that very instant included. */
  by(atMs: number): number;
  /** The same without what came at that very instant. */
  before(atMs: number): number;
}

/**
 * How much came from `fromMs` on and before `untilMs`, as far as it is known of up to `knownMs`. Spans that follow one
 * another add up, and a lump at midnight is the new day's.
 */
export function between(
  { by, before }: Accrual,
  fromMs: number,
  untilMs: number,
  knownMs = Number.POSITIVE_INFINITY,
): number {
  const upTo = (atMs: number) => (atMs > knownMs ? by(knownMs) : before(atMs));
  return upTo(untilMs) - upTo(fromMs);
}

/** The part of it that comes from `fromMs` on and before `untilMs`. */
export function within({ by, before }: Accrual, fromMs: number, untilMs: number): Accrual {
  const earlier = before(fromMs);
  const upTo = (atMs: number, there: (atMs: number) => number) => {
    if (atMs < fromMs) return 0;
    return (atMs < untilMs ? there(atMs) : before(untilMs)) - earlier;
  };
  return { by: (atMs) => upTo(atMs, by), before: (atMs) => upTo(atMs, before) };
}

/** Free of binary dust: nine decimals are finer than a micro-dollar. */
export const dusted = (usd: number): number => Math.round(usd * 1e9) / 1e9;
