import { lowerEnd } from "../binomial.ts";

/** Would the most expensive run so far have been a limit for the runs after it? */
export type SelfCheck = {
  readonly passed: boolean;
  /** How many runs passed the most expensive one of those before them. */
  readonly exceeded: number;
  /** At most that share of them should have, if each is like any other. */
  readonly promised: number;
  /** The share that did is, at 95 % confidence, not below. */
  readonly low: number;
};

/** Of so many runs the most expensive one is a limit at the earliest. */
export const FEWEST = 22;
const TWO_SIDED = 0.975;

/**
 * Walks through a history in its order. Of runs that are like each other the i-th is above all before it with a probability
 * of at most 1/i, whatever their costs look like; where it happens more often, they are not: costs grow.
 */
export function selfCheck(figures: readonly number[]): SelfCheck {
  let most = Number.NEGATIVE_INFINITY;
  let [exceeded, expected] = [0, 0];
  for (const [before, figure] of figures.entries()) {
    if (before >= FEWEST) {
      expected += 1 / (before + 1);
      if (figure > most) exceeded++;
    }
    most = Math.max(most, figure);
  }
  const looks = Math.max(0, figures.length - FEWEST);
  const promised = looks > 0 ? expected / looks : 0;
  const low = lowerEnd(exceeded, looks, TWO_SIDED);
  return { passed: low <= promised, exceeded, promised, low };
}
