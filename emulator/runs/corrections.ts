import type { Accrual } from "../ground/accrual.ts";

/** From the instant on (epoch ms), something is so many times what it was taken for. */
export type Correction = { readonly atMs: number; readonly factor: number };

/** Corrections by their instants, which count from `zeroMs`. */
export const ascending = (corrections: readonly Correction[], zeroMs: number): readonly Correction[] =>
  corrections
    .map(({ atMs, factor }) => ({ atMs: zeroMs + atMs, factor }))
    .sort((one, other) => one.atMs - other.atMs);

/** What there is to correct of a run. */
export type Corrected = {
  /** Of what the run had cost until then, ascending. */
  readonly corrections: readonly Correction[];
  /** Of all that it costs, before and after, ascending. */
  readonly prices: readonly Correction[];
};

/**
 * A cost as it is known at `knownMs`. A correction belongs to all that had come by its instant, in proportion; of what
 * comes later it says nothing:
 *
 *     cost     ─── 10 ───┬─── 10 ───▶        known before it: 10, then 20
 *     correction × 0.4   ┘                   known after it:   4, then 14
 */
export function corrected(cost: Accrual, { corrections, prices }: Corrected, knownMs: number): Accrual {
  const known = corrections.filter(({ atMs }) => atMs <= knownMs);
  const price = prices.reduce(
    (product, { atMs, factor }) => (atMs <= knownMs ? product * factor : product),
    1,
  );
  if (known.length === 0 && price === 1) return cost;
  const upTo = (atMs: number, last: number) => {
    let [usd, counted] = [0, 0];
    for (const correction of known) {
      const here = correction.atMs < atMs ? cost.by(correction.atMs) : last;
      usd = (usd + here - counted) * correction.factor;
      counted = here;
    }
    return (usd + last - counted) * price;
  };
  return { by: (atMs) => upTo(atMs, cost.by(atMs)), before: (atMs) => upTo(atMs, cost.before(atMs)) };
}
