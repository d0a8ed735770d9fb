import type { MicroUsd } from "../../../policy/index.ts";
import { overshootOf, STOPS_WITHIN_MS } from "../known-cost.ts";
import { endOf, type Replayed, startOf } from "../looks.ts";
import { isHealthy, type Quantity } from "../past.ts";

/** What stops come to, as they are summed up. */
export type Tally = {
  stops: number;
  sure: number;
  wrong: number;
  unknown: number;
  readonly savedMicroUsd: { from: MicroUsd; to: MicroUsd };
};

/** A run of which no more is known than when it began and ended, and what it came to: so it is with Apify's list. */
export type BareRun = {
  readonly ms: number;
  /** `undefined` where that is not known. */
  readonly final: MicroUsd | undefined;
  readonly overshoot: MicroUsd;
  readonly isHealthy: boolean;
};

/** `undefined` where more is known: only a replay says what becomes of it. */
export function bareRun(of: Replayed): BareRun | undefined {
  const { watched, cost } = of;
  if (watched !== undefined || (cost !== undefined && cost.points.length > 2)) return undefined;
  const overshoot = cost === undefined ? 0 : overshootOf(cost);
  return { ms: endOf(of) - startOf(of), final: cost?.final, overshoot, isHealthy: isHealthy(of) };
}

type Counted = {
  readonly sure: boolean;
  readonly isWrong: boolean;
  /** Absent: its cost is not known, nor what stopping it saved. */
  readonly cost: MicroUsd | undefined;
  readonly from: MicroUsd;
  readonly to: MicroUsd;
};

export function addStop(tally: Tally, { sure, isWrong, cost, from, to }: Counted): void {
  tally.stops++;
  if (sure) tally.sure++;
  if (isWrong) tally.wrong++;
  if (cost === undefined) tally.unknown++;
  tally.savedMicroUsd.from += from;
  tally.savedMicroUsd.to += to;
}

/**
 * What the replay finds of a bare run under a single limit, as a sum: on cost it saves all beyond the limit but the overshoot, on
 * time anything up to the whole. `bound`: where the rule stops it, in micro-dollars or seconds.
 */
export function addBare(tally: Tally, run: BareRun, quantity: Quantity, bound: number): void {
  const { ms, final, overshoot, isHealthy: isWrong } = run;
  if (quantity === "usd") {
    if (final === undefined || final < bound) return;
    const beyond = Math.max(0, final - Math.ceil(bound));
    const sure = beyond > overshoot;
    addStop(tally, { sure, isWrong, cost: final, from: sure ? beyond - overshoot : 0, to: beyond });
    return;
  }
  const at = Math.ceil(bound * 1000);
  if (at < ms)
    addStop(tally, { sure: at + STOPS_WITHIN_MS <= ms, isWrong, cost: final, from: 0, to: final ?? 0 });
  // At its very end it is looked at only for what it has cost since.
  else if (at === ms && final !== undefined && final > 0)
    addStop(tally, { sure: false, isWrong, cost: final, from: 0, to: 0 });
}
