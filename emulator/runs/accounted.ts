import type { Run } from "./run.ts";
import { endOf } from "./timeline.ts";

/**
 * Up to which instant the figure shown at `atMs` accounts for the cost. Apify documents that dollar totals are
 * eventually consistent and that final ones need "about 10 seconds"; recordings show 12.
 *
 *     live:        ──────────── atMs − lag          end:  ── settles within settlesInMs ─▶ the end itself
 *
 * Where the figure is refreshed in steps, it is what it was at the last step, but for one at rest. Where it settles in
 * steps, it stands still between them; it begins from what is known at the end, be it nothing.
 */
export function accountedUntil(run: Run, atMs: number): number {
  const { usageLagMs, usageRefreshMs, settlesInMs, settlesInSteps } = run.character;
  let accounted = Number.NEGATIVE_INFINITY;
  for (const [index, life] of run.lives.entries()) {
    if (life.startedAtMs > atMs) break;
    const until = Math.min(atMs, run.lives[index + 1]?.startedAtMs ?? atMs);
    const endMs = endOf(life)?.atMs ?? Number.POSITIVE_INFINITY;
    const rests = until >= endMs + settlesInMs;
    const seenMs = rests ? until : lastStep(life.startedAtMs, until, usageRefreshMs);
    const settled = rests ? 1 : Math.max(0, seenMs - endMs) / settlesInMs;
    const seen = Math.min(seenMs, endMs);
    const lagMs = settlesInSteps ? Math.min(usageLagMs, seen - life.startedAtMs) : usageLagMs;
    accounted = Math.max(accounted, seen - lagMs * (1 - stepped(settled, settlesInSteps)));
  }
  return accounted;
}

/** The last refresh by `atMs`, counted from the life's start; `atMs` itself where there are no steps. */
const lastStep = (fromMs: number, atMs: number, everyMs: number): number =>
  everyMs > 0 ? fromMs + Math.floor((atMs - fromMs) / everyMs) * everyMs : atMs;

/** A share that grows in so many equal steps; evenly where there are none. */
const stepped = (share: number, steps: number | undefined): number =>
  steps ? Math.floor(share * steps) / steps : share;
