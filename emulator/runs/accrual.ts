import type { Accrual } from "../ground/accrual.ts";
import { chargedEvents, priceUsd } from "./events.ts";
import type { Run } from "./run.ts";
import { endOf, turnedAt } from "./timeline.ts";
import { computeUnits, trueUsd } from "./usage.ts";

/** The run's true cost in USD as it grows. */
export function costOf(run: Run): Accrual {
  return {
    by: (atMs) => trueUsd(run, atMs),
    before: (atMs) => trueUsd(run, atMs) - lumpUsd(run, atMs),
  };
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
