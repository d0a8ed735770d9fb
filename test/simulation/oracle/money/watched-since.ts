import type { History } from "../history.ts";

/**
 * When somebody first wrote down what a list had shown, and it was not put back since: a tick that got none writes, too, and
 * nothing is watched since then.
 */
export function watchedSince(
  { calls, ticks }: Pick<History, "calls" | "ticks">,
  isForgotten: (ms: number) => boolean = () => false,
): number {
  const listedMs = new Map<string, number>();
  for (const { kind, by, shown, isHistory, isOfTypical, deliveredAtMs } of calls) {
    const isListing = kind === "list" && shown !== undefined && !isHistory && !isOfTypical;
    if (isListing && deliveredAtMs !== undefined && !listedMs.has(by)) listedMs.set(by, deliveredAtMs);
  }
  const written = [...ticks.values()].flatMap(({ by, liveWrittenMs = [] }) =>
    liveWrittenMs.filter((ms) => ms >= (listedMs.get(by) ?? Number.POSITIVE_INFINITY)),
  );
  return Math.min(...written.filter((ms) => !isForgotten(ms)));
}
