import type { Accrual } from "../ground/accrual.ts";
import { corrected } from "./corrections.ts";
import { chargedEvents, priceUsd } from "./events.ts";
import type { Run } from "./run.ts";
import { endOf, turnedAt } from "./timeline.ts";
import { computeUnits, listedUsd } from "./usage.ts";

/** The run's cost in USD as it grows, before any correction. */
const uncorrected = (run: Run): Accrual => ({
  by: (atMs) => listedUsd(run, atMs),
  before: (atMs) => listedUsd(run, atMs) - lumpUsd(run, atMs),
});

/** The run's true cost in USD as it grows, with the corrections that are known at `knownMs`. */
export const costOf = (run: Run, knownMs: number): Accrual => corrected(uncorrected(run), run, knownMs);

/** By how much what the run had cost up to `atMs` is corrected, as known at `knownMs`. */
export function correctionOf(run: Run, atMs: number, knownMs: number): number {
  const usd = uncorrected(run).by(atMs);
  return usd > 0 ? costOf(run, knownMs).by(atMs) / usd : 1;
}

/** The run's compute units as they grow. */
export function unitsOf(run: Run): Accrual {
  const by = (atMs: number) => computeUnits(run, atMs);
  return { by, before: by };
}

/** What came at this very instant: a burst of the run's curve, an event that was charged by a call. */
function lumpUsd(run: Run, atMs: number): number {
  let usd = 0;
  const { bursts } = run.character.cost;
  for (const life of bursts ? run.lives : []) {
    const fromMs = turnedAt(life, "RUNNING") ?? Number.POSITIVE_INFINITY;
    const ranMs = atMs - fromMs;
    const worksMs = Math.min(
      (endOf(life)?.atMs ?? Number.POSITIVE_INFINITY) - fromMs,
      run.character.idleAfterMs,
    );
    if (bursts && ranMs > 0 && ranMs <= worksMs && ranMs % bursts.everyMs === 0) usd += bursts.usd;
  }
  for (const charge of run.charges) {
    const priced = chargedEvents(run.actor).find(({ event }) => event === charge.event);
    if (priced && charge.atMs === atMs) usd += charge.count * priceUsd(priced);
  }
  return usd;
}
