import type { Entry } from "../model/entry.ts";

/** One stop: what it could at most cost beyond its limit, as foreseen, and what it did cost. In USD. */
export type Overshoot = {
  readonly intentId: string;
  readonly runId: string;
  readonly at: string;
  readonly boundUsd?: number;
  readonly overshootUsd?: number;
};

/** The stops of one rule. */
export type RuleOvershoot = {
  readonly ruleId: string;
  readonly metric: string;
  readonly stops: readonly Overshoot[];
  readonly medianUsd?: number;
  readonly mostUsd?: number;
  readonly mostBoundUsd?: number;
  /** How many cost more than was foreseen. */
  readonly beyond: number;
};

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

const most = (values: readonly number[]): number | undefined =>
  values.length > 0 ? Math.max(...values) : undefined;

function ruleOf(ruleId: string, metric: string, stops: readonly Overshoot[]): RuleOvershoot {
  const told = stops.flatMap(({ overshootUsd }) => overshootUsd ?? []);
  const [medianUsd, mostUsd, mostBoundUsd] = [
    median(told),
    most(told),
    most(stops.flatMap((each) => each.boundUsd ?? [])),
  ];
  return {
    ruleId,
    metric,
    stops,
    ...(medianUsd !== undefined && { medianUsd }),
    ...(mostUsd !== undefined && { mostUsd }),
    ...(mostBoundUsd !== undefined && { mostBoundUsd }),
    beyond: stops.filter(
      ({ overshootUsd, boundUsd }) => (overshootUsd ?? 0) > (boundUsd ?? Number.POSITIVE_INFINITY),
    ).length,
  };
}

/** The stops among these entries that have ended, by rule; the rule with the dearest first. */
export function overshootOf(entries: Iterable<Entry>): readonly RuleOvershoot[] {
  const intents = new Map<string, Entry>();
  const stops = new Map<string, { readonly metric: string; readonly stops: Overshoot[] }>();
  for (const entry of entries) {
    if (entry.kind === "abort.intended") intents.set(entry.entryId, entry);
    const intent = intents.get(entry.intentId ?? "");
    const isOver = entry.kind === "abort.confirmed" || entry.kind === "abort.moot";
    const { ruleId, evidence } = intent ?? {};
    if (!isOver || intent === undefined || ruleId === undefined || evidence === undefined) continue;
    const found = stops.get(ruleId) ?? { metric: evidence.metric, stops: [] };
    stops.set(ruleId, found);
    found.stops.push({
      intentId: intent.entryId,
      runId: intent.runId ?? "",
      at: intent.at,
      ...(intent.overshootBoundUsd !== undefined && { boundUsd: intent.overshootBoundUsd }),
      ...(entry.overshootUsd !== undefined && { overshootUsd: entry.overshootUsd }),
    });
  }
  return [...stops]
    .map(([ruleId, { metric, stops: of }]) => ruleOf(ruleId, metric, of))
    .toSorted((a, b) => (b.mostUsd ?? 0) - (a.mostUsd ?? 0));
}
