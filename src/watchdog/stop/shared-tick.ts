import type { Promising } from "./pursuing.ts";

/** Clocks that were put right by Apify's differ by no more than this. */
const AGREE_MS = 5_000;

/** Now, or a moment before: nothing is taken for an hour old before all agree that it is. */
export const sharedNow = ({ ports: { apify } }: Promising): Date =>
  new Date(apify.now().getTime() - AGREE_MS);

/**
 * This pass by the clock that all processes have in common, for comparing it with others: it began no later than this says,
 * whatever became of this machine's clock since.
 */
export function sharedTick({ ports: { apify, clock }, tick }: Promising) {
  const now = apify.now();
  const wallMs = clock.now().getTime();
  const ageMs = Math.max(wallMs - tick.startedAt.getTime(), clock.monotonicMs() - tick.startedMs);
  return {
    id: tick.id,
    startedAt: new Date(now.getTime() - ageMs - AGREE_MS),
    endsBy: new Date(now.getTime() + tick.endsBy.getTime() - wallMs),
  };
}
