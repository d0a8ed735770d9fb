import type { SpendPoint } from "../../model/ledger-store.ts";
import type { LiveRun } from "../../model/live.ts";

/** A picture needs no more; of more, some are left out evenly. */
const MOST_POINTS = 120;

/**
 * How a run's cost grew, as far as it is known: the points that are written, those that are not yet, and the last figures of
 * all. Each is a look; between two the cost is only known to lie between them.
 */
export function knownPoints(
  { trail, burn = [], spent }: Pick<LiveRun, "trail" | "burn" | "spent">,
  written: readonly SpendPoint[] = [],
): readonly SpendPoint[] {
  const all = [
    ...written,
    ...(trail ? [...(trail.open ?? []), trail.point] : []),
    ...burn.map(({ at, usageMicroUsd }) => ({ at, microUsd: usageMicroUsd })),
    ...(spent ? [spent] : []),
  ];
  // Points are kept to the second, figures are not: of one second the later of these stands.
  const bySecond = new Map(all.map((point) => [Math.floor(point.at.getTime() / 1000), point]));
  const points = [...bySecond.values()].toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const each = Math.max(1, (points.length - 1) / (MOST_POINTS - 1));
  const kept = new Set(Array.from({ length: MOST_POINTS }, (_, i) => Math.round(i * each)));
  return points.filter((_, i) => kept.has(i));
}
