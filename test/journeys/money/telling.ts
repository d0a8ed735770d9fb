import { cli } from "../../cli/support.ts";
import { ABORT, ANY_SHARE, fiveUsd } from "../../support/policies.ts";
import type { Watched } from "../../support/watch.ts";

/** A rule of a budget a day; overrides go on top of the budget. */
export const budget = (usd: number, overrides: object = {}, steps: readonly object[] = [ABORT]) => ({
  id: "all-a-day",
  budget: { usd, per: "day", ...overrides },
  steps,
});
/** Enforces that alone; `more` goes on top of the policy. */
export const policy = (usd: number, overrides: object = {}, more: object = {}) =>
  fiveUsd({ ...ANY_SHARE, rules: [budget(usd, overrides)], ...more });

/** What everybody is told, on a pipe. */
export const told = async (watched: Watched, ...argv: string[]): Promise<string> =>
  (await cli(watched, argv)).out;
