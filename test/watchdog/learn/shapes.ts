/** Shapes of what runs cost, of which it is known exactly how often a run passes any amount. */

export type Random = () => number;

/** mulberry32: the same numbers for the same seed, everywhere. */
export function randomOf(seed: number): Random {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type Shape = {
  /** What the `i`-th run costs. */
  cost(random: Random, i: number): number;
  /** How often such a run costs more. */
  above(usd: number, i: number): number;
  /** Which of the next runs show how it goes on. */
  readonly ahead: readonly number[];
  /** The cost that this share of them stays below. */
  at(share: number): number;
};

/** What the share `u` of all stays below, rising. */
type Quantile = (u: number) => number;

/** Of the standard normal distribution, to 1e-9: P. J. Acklam's rational approximation. */
function normal(u: number): number {
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ];
  const b = [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572,
  ];
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];
  const poly = (coefficients: readonly number[], x: number): number =>
    coefficients.reduce((sum, each) => sum * x + each, 0);
  if (u > 0.97575) return -normal(1 - u);
  if (u < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(Math.max(u, 1e-300)));
    return poly(c, q) / poly([...d, 1], q);
  }
  const q = u - 0.5;
  return (poly(a, q * q) * q) / poly([...b, 1], q * q);
}

/** Which share is above: by halving, for the quantile rises. */
function aboveOf(quantile: Quantile, usd: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 45; i++) {
    const middle = (low + high) / 2;
    if (quantile(middle) <= usd) low = middle;
    else high = middle;
  }
  return 1 - low;
}

const plain = (
  quantile: Quantile,
  growth: (i: number) => number = () => 1,
  ahead: readonly number[] = [0],
): Shape => ({
  ahead,
  cost: (random, i) => quantile(random()) * growth(i),
  above: (usd, i) => aboveOf(quantile, usd / growth(i)),
  at: quantile,
});

const logNormal =
  (median: number, sigma: number): Quantile =>
  (u) =>
    median * Math.exp(sigma * normal(u));
const pareto: Quantile = (u) => 0.5 * (1 - u) ** (-1 / 1.1);
/** Nine runs of ten are small, the tenth is twenty times as large. */
const [small, large] = [logNormal(0.5, 0.2), logNormal(10, 0.3)];
const DEAR = 0.1;

export const SHAPES = {
  "log-normal, narrow": plain(logNormal(1, 0.3)),
  "log-normal, wide": plain(logNormal(1, 1.5)),
  pareto: plain(pareto),
  "two-humped": {
    ahead: [0],
    cost: (random) => (random() < DEAR ? large : small)(random()),
    above: (usd) => DEAR * aboveOf(large, usd) + (1 - DEAR) * aboveOf(small, usd),
    at: small,
  },
  /** One percent more with each run. */
  drifting: plain(logNormal(1, 0.3), (i) => 1.01 ** i, [0, 25, 50, 75, 100]),
  /** Three runs a day; those of Saturdays and Sundays cost four times as much. */
  weekly: plain(logNormal(1, 0.3), (i) => (Math.floor(i / 3) % 7 < 5 ? 1 : 4), [0, 3, 6, 9, 12, 15, 18]),
} as const satisfies Readonly<Record<string, Shape>>;
