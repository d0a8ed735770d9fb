import type { Quantity } from "../past.ts";
import { roundUp } from "../suggest/suggest-limit.ts";

/** More limits than these are not tried. */
const MOST_LIMITS = 200;

/** What is next above a figure: a micro-dollar, a millisecond. */
const ABOVE: Readonly<Record<Quantity, number>> = { usd: 1, runTime: 0.001 };

/** Ranks from the first to the last of so many, close together where they are few. */
function ranks(of: number, most: number): readonly number[] {
  if (of <= most) return Array.from({ length: of }, (_, i) => i);
  return [
    ...new Set(Array.from({ length: most }, (_, i) => Math.min(of, Math.round(of ** (i / (most - 1)))) - 1)),
  ];
}

/**
 * The limits at which something changes, from the highest down: each is the lowest that people would write which still leaves
 * one of the runs alone. Of those that were to be left alone twice as many, for the front has its corners there. `share`: at
 * how many percent of the limit the rule stops.
 */
export function frontLimits(
  { healthy, others }: { readonly healthy: readonly number[]; readonly others: readonly number[] },
  quantity: Quantity,
  share: number,
): readonly number[] {
  const third = Math.floor((MOST_LIMITS - 1) / 3);
  const sparing = (figures: readonly number[], most: number): readonly number[] => {
    const falling = figures.filter((figure) => figure > 0).toSorted((a, b) => b - a);
    return ranks(falling.length, most).map((rank) =>
      roundUp((((falling[rank] ?? 0) + ABOVE[quantity]) * 100) / share, quantity),
    );
  };
  return [...new Set([...sparing(healthy, 2 * third), ...sparing(others, third)])].toSorted((a, b) => b - a);
}
