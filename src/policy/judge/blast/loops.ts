import type { LoopGuard } from "../../policy.ts";
import { type RunSource, sourceKey } from "../../run.ts";
import type { MicroUsd } from "../../values/money.ts";
import { HOUR_MS } from "../../values/slots.ts";
import type { RecentIntent } from "./stopped.ts";

/** A source that starts again what was stopped. */
export type Loop = {
  readonly source: RunSource;
  /** The first stop, and each of a run that came or came back after it. */
  readonly stops: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** What the runs that came after the first stop have cost since, an hour. Absent: the cost of one of them is not known. */
  readonly microUsdPerHour?: number;
};

type Sourced = RecentIntent & { readonly source: RunSource };
const hasSource = (intent: RecentIntent): intent is Sourced => intent.source !== undefined;

const byTime = (a: RecentIntent, b: RecentIntent): number => a.at.getTime() - b.at.getTime();

/** A stop of a run that came, or came back, after the source's first stop; and what the run cost since its stop before. */
type Again = { readonly intent: Sourced; readonly cost: MicroUsd | undefined };

/** `stops`: of one source, in order. Runs that were live together are no loop. */
function againOf(stops: readonly Sourced[]): readonly Again[] {
  const [first] = stops;
  const latest = new Map<string, Sourced>();
  const again: Again[] = [];
  for (const intent of stops) {
    const before = latest.get(intent.runId);
    if (before?.life === intent.life) continue;
    latest.set(intent.runId, intent);
    const isNew = first !== undefined && intent.startedAt !== undefined && intent.startedAt > first.at;
    if (before === undefined && !isNew) continue;
    const [now, then] = [intent.usageTotalMicroUsd, before ? before.usageTotalMicroUsd : 0];
    again.push({ intent, cost: now === undefined || then === undefined ? undefined : now - then });
  }
  return again;
}

function rateOf(again: readonly Again[], from: Date, to: Date): number | undefined {
  const hours = (to.getTime() - from.getTime()) / HOUR_MS;
  const costs = again.flatMap(({ cost }) => cost ?? []);
  if (hours <= 0 || costs.length < again.length) return undefined;
  return Math.max(0, costs.reduce((sum, cost) => sum + cost, 0) / hours);
}

/**
 * The sources whose runs were stopped so often in so long, the one with most stops first: a loop that stops do not end.
 * Their limit may be wrong, or what starts them has to be told to wait.
 */
export function loopsOf(
  recentIntents: readonly RecentIntent[],
  { stops: least, withinSecs }: Pick<LoopGuard, "stops" | "withinSecs">,
  now: Date,
): readonly Loop[] {
  const recent = recentIntents.filter(({ at }) => now.getTime() - at.getTime() < withinSecs * 1000);
  const bySource = Map.groupBy(recent.filter(hasSource), ({ source }) => sourceKey(source));
  const loops = [...bySource.values()].flatMap((ofSource): readonly Loop[] => {
    const ordered = ofSource.toSorted(byTime);
    const [first] = ordered;
    const again = againOf(ordered);
    const last = again.at(-1)?.intent;
    if (first === undefined || last === undefined || again.length + 1 < least) return [];
    const rate = rateOf(again, first.at, last.at);
    return [
      {
        source: first.source,
        stops: again.length + 1,
        firstAt: first.at,
        lastAt: last.at,
        ...(rate !== undefined && { microUsdPerHour: rate }),
      },
    ];
  });
  return loops.toSorted((a, b) => b.stops - a.stops);
}
