/** A share of a limit, in percent: 80 is 80 %. */
export type Percent = number;

/** Reads `"80%"`. `undefined` when it is no percentage; a bare number is none, for 0.8 and 80 look alike. */
export function parsePercent(raw: unknown): Percent | undefined {
  if (typeof raw !== "string") return undefined;
  const match = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(raw);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/**
 * The one comparator: a step is reached when `measured ≥ share × limit`, equality included, for every kind of
 * limit. The product comes before the division so that whole percentages of whole limits are exact. Nothing reaches a
 * bound of 0, which no policy can ask for, but which a limit next to nothing could round to.
 */
export function reaches(measured: number, share: Percent, limit: number): boolean {
  const bound = (share * limit) / 100;
  return Number.isFinite(measured) && bound > 0 && measured >= bound;
}
