import type { RunScript, World } from "../../emulator/index.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** A run that has cost 7 USD and costs no more: over a limit of 5 on every look. */
export const OVER_5_USD: RunScript = {
  actor: "acme/shop",
  startsAfterMs: -HOUR,
  readyForMs: 0,
  usageLagMs: 0,
  cost: { startUsd: 7, thenUsdPerHour: 0 },
};

/** As `OVER_5_USD`, and so young that the listing alone is believed until the run is about to be stopped. */
export const YOUNG_OVER_5_USD: RunScript = { ...OVER_5_USD, startsAfterMs: -5 * MINUTE };

/** A healthy run that has cost 1 USD. */
export const HEALTHY: RunScript = { ...OVER_5_USD, cost: { startUsd: 1, thenUsdPerHour: 0 } };

/** A run that costs so much an hour, from the world's start. */
export const burning = (usdPerHour: number, overrides: Partial<RunScript> = {}): RunScript => ({
  ...OVER_5_USD,
  startsAfterMs: 0,
  cost: usdPerHour,
  ...overrides,
});

/** A run of an hour that began so many hours and two before the world, and came to so much. */
export const ended = (at: number, usd: number, status: "SUCCEEDED" | "FAILED" = "SUCCEEDED"): RunScript => ({
  ...OVER_5_USD,
  startsAfterMs: -(at + 2) * HOUR,
  cost: { thenUsdPerHour: usd },
  ends: { afterMs: HOUR, status },
});

export const worldOf = (...runs: readonly RunScript[]): World => ({
  name: "journey",
  about: "A world for one test.",
  actors: [{ name: "acme/shop" }, { name: "acme/nightly-archive" }],
  tasks: [{ name: "shop-eu", actor: "acme/shop" }],
  runs,
});
