/** Policies as people push them. */

export const ABORT = { at: "100%", do: "abort" } as const;

/** A rule on what a run costs; overrides go on top. */
export const costRule = (usd: number, overrides: Record<string, unknown> = {}) => ({
  id: "cost",
  limit: { usageTotalUsd: usd },
  steps: [ABORT],
  ...overrides,
});

/** The policy of most journeys: no run over 5 USD, enforced; overrides go on top. */
export const fiveUsd = (overrides: Record<string, unknown> = {}): Record<string, unknown> => ({
  version: 1,
  mode: "enforce",
  rules: [{ id: "no-run-over-5-usd", limit: { usageTotalUsd: 5 }, steps: [ABORT] }],
  ...overrides,
});

/** The same, only observed. */
export const OBSERVED = fiveUsd({ mode: "observe" });

/** Guards under which the share of live runs does not bind. */
export const ANY_SHARE = { guards: { maxAborts: { percentOfLive: 100 } } } as const;

/** The policy of one budget a day, told of at 80% and stopped at 100%; overrides go on top of its rule. */
export const dailyBudget = (
  usd: number,
  overrides: Record<string, unknown> = {},
  maxAborts: Record<string, number> = {},
): Record<string, unknown> => ({
  version: 1,
  mode: "enforce",
  guards: { maxAborts: { ...ANY_SHARE.guards.maxAborts, ...maxAborts } },
  rules: [
    {
      id: "a-day",
      budget: { usd, per: "day" },
      steps: [{ at: "80%", do: "notify" }, ABORT],
      ...overrides,
    },
  ],
});

/** The policy of one budget that stops at 100% and before which nothing is told. */
export const oneBudget = (usd: number, per = "day", more: Record<string, unknown> = {}) => ({
  version: 1,
  mode: "enforce",
  ...ANY_SHARE,
  ...more,
  rules: [{ id: "all", budget: { usd, per }, steps: [ABORT] }],
});
