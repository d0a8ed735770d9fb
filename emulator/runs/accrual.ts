import type { Accrual } from "../ground/accrual.ts";
import { PRICES } from "../world/services.ts";
import { billedEventsUsd, billedFor, chargedByCallUsd, type Side, workBy } from "./charges.ts";
import { corrected } from "./corrections.ts";
import type { Run } from "./run.ts";
import { computeUnits, idleUsd } from "./usage.ts";

/** What the run is billed by the instant, in USD, before any correction. */
function billedUsd(run: Run, atMs: number, side: Side): number {
  switch (billedFor(run)) {
    case "usage":
      return workBy(run, atMs, side) + idleUsd(run, atMs) + chargedByCallUsd(run, atMs, side);
    case "events":
      return billedEventsUsd(run, atMs, side);
    case "own usage":
      return computeUnits(run, atMs) * PRICES.ACTOR_COMPUTE_UNITS;
  }
}

/** The run's bill in USD as it grows, before any correction. */
export const uncorrected = (run: Run): Accrual => ({
  by: (atMs) => billedUsd(run, atMs, "by"),
  before: (atMs) => billedUsd(run, atMs, "before"),
});

/** What the run truly costs who pays for it, in USD, as it grows, with the corrections that are known at `knownMs`. */
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
