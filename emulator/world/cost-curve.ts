/** True cost against running time: stretches of even burn, a last one without end, and lumps on top. */
export type CostCurve = {
  /** Charged when the container starts, in USD. Default 0. */
  readonly startUsd?: number;
  /** Stretches of even burn, one after the other. */
  readonly stretches?: readonly { readonly forMs: number; readonly usdPerHour: number }[];
  /** The burn after the last stretch. Default 0. */
  readonly thenUsdPerHour?: number;
  /** `usd` at once after each `everyMs` of running. */
  readonly bursts?: { readonly everyMs: number; readonly usd: number };
};

const MS_PER_HOUR = 3_600_000;

/** What a container that has run for `runningMs` has cost, in USD. It never falls as time goes on. */
export function accruedUsd(curve: CostCurve, runningMs: number): number {
  if (runningMs <= 0) return 0;
  let usd = curve.startUsd ?? 0;
  let left = runningMs;
  for (const stretch of curve.stretches ?? []) {
    const ms = Math.min(left, stretch.forMs);
    usd += (ms / MS_PER_HOUR) * stretch.usdPerHour;
    left -= ms;
    if (left === 0) break;
  }
  usd += (left / MS_PER_HOUR) * (curve.thenUsdPerHour ?? 0);
  if (curve.bursts) usd += Math.floor(runningMs / curve.bursts.everyMs) * curve.bursts.usd;
  return usd;
}
