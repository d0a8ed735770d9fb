/**
 * Two clocks may differ by so much: each by some 33 s from Apify's before that is noticed, for its `Date` has whole seconds.
 * What is dated further ahead comes from a clock that was wrong.
 */
export const AHEAD_MS = 66_000;

export const isAhead = (at: Date, now: Date): boolean => at.getTime() - now.getTime() > AHEAD_MS;

/** Is it at most so old? What is dated ahead of now is of no known age, so it is not. */
export const isYounger = (at: Date, ms: number, now: Date): boolean =>
  !isAhead(at, now) && now.getTime() - at.getTime() < ms;
