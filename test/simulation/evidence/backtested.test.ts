import { describe, expect, it } from "vitest";
import { backtestDiffers } from "./backtested.ts";
import { KINDS } from "./watched-world.ts";

/** In which something is decided. More of them by hand: npm run simulate -- --backtest --seeds 1000 */
const SEEDS = {
  limits: [1, 2, 3, 1270, 50064],
  known: [13, 19],
  budgets: [198, 202, 203, 207, 51424, 52607],
} as const;

describe("a back-test of what was recorded of a world", () => {
  it.each(KINDS)("says what was decided in it by %s, within its ranges (P15)", async (kind) => {
    let [decided, sure] = [0, 0];
    for (const seed of SEEDS[kind]) {
      const compared = await backtestDiffers(seed, kind);
      expect(compared?.differs, `npm run simulate -- --seeds 1 --from ${seed} --backtest`).toBeUndefined();
      decided += compared?.decided ?? 0;
      sure += compared?.sure ?? 0;
    }
    expect(decided).toBeGreaterThan(2);
    expect(sure).toBeGreaterThan(2);
  });
});
