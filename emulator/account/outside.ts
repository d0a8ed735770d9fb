import type { Accrual } from "../ground/accrual.ts";
import type { Span } from "../ground/cycle.ts";
import type { World } from "../world/world.ts";

const MS_PER_HOUR = 3_600_000;

/**
 * What the account spends without any run, as on what it stores. What had been spent when the world began came evenly
 * from the cycle's start on:
 *
 *     cycle's start ──── spentUsd ────▶ world's start ──── outsideUsdPerHour, outsideJumps ────▶
 */
export function outsideAccrual(world: World, startedAtMs: number, cycle: Span): Accrual {
  const { spentUsd = 0, outsideUsdPerHour = 0, outsideJumps = [] } = world;
  const earlierMs = startedAtMs - cycle.fromMs;
  const jumps = outsideJumps.map(({ afterMs, usd }) => ({ atMs: startedAtMs + afterMs, usd }));
  // A world that begins with its cycle leaves no time to spend it in.
  if (earlierMs === 0) jumps.push({ atMs: startedAtMs, usd: spentUsd });
  const evenly = (atMs: number) => {
    const share = earlierMs === 0 ? 0 : Math.min(1, Math.max(0, (atMs - cycle.fromMs) / earlierMs));
    return spentUsd * share + (Math.max(0, atMs - startedAtMs) / MS_PER_HOUR) * outsideUsdPerHour;
  };
  const lumps = (hasCome: (jumpMs: number) => boolean) =>
    jumps.reduce((sum, { atMs, usd }) => (hasCome(atMs) ? sum + usd : sum), 0);
  return {
    by: (atMs) => evenly(atMs) + lumps((jumpMs) => jumpMs <= atMs),
    before: (atMs) => evenly(atMs) + lumps((jumpMs) => jumpMs < atMs),
  };
}
