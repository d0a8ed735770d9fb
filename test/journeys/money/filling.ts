import type { RunScript, World } from "../../../emulator/index.ts";
import { type WatchOptions, watchFrom } from "../../support/watch.ts";
import { HOUR, MINUTE, OVER_5_USD } from "../../support/world.ts";

export const START = new Date("2026-11-25T12:00:00.000Z");
export const DAY = 24 * HOUR;

/** A hundred runs of 0.60 USD each over the last ten days, all ended. */
export const past: readonly RunScript[] = Array.from({ length: 100 }, (_, i) => ({
  ...OVER_5_USD,
  startsAfterMs: -10 * DAY + i * 2.4 * HOUR,
  cost: 1.2,
  ends: { afterMs: 30 * MINUTE, status: "SUCCEEDED" as const },
}));
/** Started a minute before. */
export const live: RunScript = { ...OVER_5_USD, startsAfterMs: -MINUTE, cost: 0.5 };

/** Of the watchdog that is installed at noon. */
export const on = (world: World, policy: unknown, options: WatchOptions = {}) =>
  watchFrom(START, world, policy, options);
