/** A span of time: from an instant on, and before another one. Without either it has no such end. */
export type During = { readonly fromMs?: number; readonly untilMs?: number };

/** Whether the instant, counted from the same zero, lies in the span. */
export const holdsAt = ({ fromMs = -Infinity, untilMs = Infinity }: During, atMs: number): boolean =>
  atMs >= fromMs && atMs < untilMs;

/** A setting that may be given once or several times. */
export type OneOrMore<T> = T | readonly T[];

/** All of them, in order; none where nothing is given. */
export const several = <T extends object>(given: OneOrMore<T> | undefined): readonly T[] =>
  given === undefined ? [] : Array.isArray(given) ? given : [given as T];
