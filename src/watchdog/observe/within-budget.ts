import type { Timed } from "../model/pass.ts";

/** The part of a tick that names, details and what is typical may take: the rest is for acting without them. */
const JUDGING_SHARE = 0.4;

export const judgingMs = (pass: Timed): number => shareMs(pass, JUDGING_SHARE);

/** What waits longer for one thing among many takes the time of the others. */
export const PATIENCE_MS = 5_000;
/** A run's detail is worth a longer wait: nothing is stopped without it. */
export const READ_PATIENCE_MS = 10_000;

/** So much of the time that a tick has left. */
export const shareMs = ({ tick, ports }: Timed, share: number): number =>
  Math.max(0, (tick.endsBy.getTime() - ports.clock.now().getTime()) * share);

/**
 * Bounds work that serves judging, so that one slow endpoint leaves time to act on what is known without it. Time is the
 * clock port's; the signal that the work gets ends with the budget or with the tick.
 */
export async function withinBudget<T>(
  { signal, ports: { clock } }: Pick<Timed, "signal" | "ports">,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const end = (): void => over.abort();
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  const done = new AbortController();
  void clock.sleep(ms, done.signal).then(end);
  try {
    return await work(over.signal);
  } finally {
    done.abort();
    signal.removeEventListener("abort", end);
  }
}
