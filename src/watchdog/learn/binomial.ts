/**
 * Exact binomial tails, and the bounds of Clopper and Pearson that rest on them: "The use of confidence or fiducial limits
 * illustrated in the case of the binomial", Biometrika 26 (1934).
 */

/** What is left of a sum of falling terms is below what a double shows. */
const TINY = 1e-17;

/** ln of n over k. */
function lnChoose(n: number, k: number): number {
  const fewer = Math.min(k, n - k);
  let sum = 0;
  for (let i = 1; i <= fewer; i++) sum += Math.log((n - fewer + i) / i);
  return sum;
}

/** P(X <= k) of n independent trials, as a function of the probability of each. */
export function binomialAtMost(k: number, n: number): (p: number) => number {
  if (k < 0) return () => 0;
  if (k >= n) return () => 1;
  const [lnHere, lnAbove] = [lnChoose(n, k), lnChoose(n, k + 1)];
  const termOf = (ln: number, i: number, p: number): number =>
    Math.exp(ln + i * Math.log(p) + (n - i) * Math.log1p(-p));
  return (p) => {
    if (p <= 0) return 1;
    if (p >= 1) return 0;
    const odds = p / (1 - p);
    // From the term at the edge outwards, on the side where they fall.
    const isBelow = k < n * p;
    let term = isBelow ? termOf(lnHere, k, p) : termOf(lnAbove, k + 1, p);
    let sum = term;
    if (isBelow) {
      for (let i = k; i > 0 && term > sum * TINY; i--) {
        term *= i / (n - i + 1) / odds;
        sum += term;
      }
      return Math.min(1, sum);
    }
    for (let i = k + 1; i < n && term > sum * TINY; i++) {
      term *= ((n - i) / (i + 1)) * odds;
      sum += term;
    }
    return Math.max(0, 1 - sum);
  };
}

/** Where a falling function comes down to a value: an interval that no double divides. */
function crossing(falling: (p: number) => number, value: number): readonly [number, number] {
  let [low, high] = [0, 1];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return [low, high];
    if (falling(middle) > value) low = middle;
    else high = middle;
  }
}

/** With this confidence the rate of what was seen k times in n trials is not above. 1 where there were none. */
export function upperEnd(k: number, n: number, confidence = 0.95): number {
  if (k >= n) return 1;
  if (k === 0) return 1 - (1 - confidence) ** (1 / n);
  return crossing(binomialAtMost(k, n), 1 - confidence)[1];
}

/** With this confidence the rate of what was seen k times in n trials is not below. */
export const lowerEnd = (k: number, n: number, confidence = 0.95): number =>
  k <= 0 ? 0 : crossing(binomialAtMost(k - 1, n), confidence)[0];
