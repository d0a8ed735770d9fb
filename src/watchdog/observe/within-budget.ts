import type { Timed } from "../model/pass.ts";

/** The part of a tick that names, details and what is typical may take: the rest is for acting without them. */
const JUDGING_SHARE = 0.4;

export const judgingMs = ({ tick, ports }: Timed): number =>
  Math.max(0, (tick.endsBy.getTime() - ports.clock.now().getTime()) * JUDGING_SHARE);

/**
 * Bounds work that serves judging, so that one slow endpoint leaves time to act on what is known without it. Time is the
 * clock port's; the signal that the work gets ends with the budget or with the tick.
 */
export async function withinBudget<T>(
  { signal, ports: { clock } }: Timed,
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
