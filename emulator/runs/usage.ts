import { accruedUsd } from "./cost.ts";
import type { Run } from "./run.ts";
import { endOf, runningMs } from "./timeline.ts";

/** The true cost of all the run's lives up to `atMs`, in USD, whatever the API shows. */
export function trueUsd(run: Run, atMs: number): number {
  let usd = 0;
  for (const life of run.lives) usd += accruedUsd(run.character.cost, runningMs(life, atMs));
  return usd + chargedByCallUsd(run, atMs);
}

/** `usageTotalUsd` as a read at `atMs` shows it to the run's owner, in USD; undefined when the run has no figure. */
export function reportedUsd(run: Run, atMs: number): number | undefined {
  if (run.character.costMissing) return undefined;
  // Nine decimals: finer than a micro-dollar, free of binary dust.
  return Math.round(trueUsd(run, accountedUntil(run, atMs)) * 1e9) / 1e9;
}

/**
 * Up to which instant the figure shown at `atMs` accounts for the cost. Apify documents that dollar totals are
 * eventually consistent and that final ones need "about 10 seconds"; recordings show 12.
 *
 *     live:        ──────────── atMs − lag          end:  ── settles within settlesInMs ─▶ the end itself
 */
function accountedUntil(run: Run, atMs: number): number {
  const { usageLagMs, settlesInMs } = run.character;
  let accounted = Number.NEGATIVE_INFINITY;
  for (const [index, life] of run.lives.entries()) {
    if (life.startedAtMs > atMs) break;
    const until = Math.min(atMs, run.lives[index + 1]?.startedAtMs ?? atMs);
    const endMs = endOf(life)?.atMs ?? Number.POSITIVE_INFINITY;
    const settled = until >= endMs + settlesInMs ? 1 : Math.max(0, until - endMs) / settlesInMs;
    accounted = Math.max(accounted, Math.min(until, endMs) - usageLagMs * (1 - settled));
  }
  return accounted;
}

function chargedByCallUsd(run: Run, atMs: number): number {
  let events = 0;
  for (const charge of run.charges) if (charge.atMs <= atMs) events += charge.count;
  return events * (run.actor.chargesFor?.priceUsd ?? 0);
}
