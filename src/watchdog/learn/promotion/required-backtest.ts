import { DAY_MS, formatCount, formatDuration, type Policy } from "../../../policy/index.ts";
import { hasStop } from "../../policies/weaker.ts";
import type { Backtest } from "../backtest.ts";
import type { History } from "../past.ts";
import { simulated } from "../simulated.ts";
import { FEWEST } from "../suggest/self-check.ts";

/** So much must be known of the past where nothing else is asked for: a week has each day of it. */
export const LEAST_HISTORY_MS = 7 * DAY_MS;

/**
 * Of how much of a span all runs are known: since the ledger has all of them or, where Apify's list was read for the time before
 * that, since the first that it has, for older ones may be deleted.
 */
export function knownMs({ source, from, until, runs }: History, completeSince: Date | undefined): number {
  const since = source === "ledger" ? completeSince : runs[0]?.run.startedAt;
  return since === undefined ? 0 : Math.max(0, until.getTime() - Math.max(from.getTime(), since.getTime()));
}

/**
 * Why a back-test says too little for a push to rest on it; `undefined` where it says enough. `leastMs`: of how much time all
 * runs must be known.
 */
export function saysTooLittle(
  policy: Policy,
  history: History,
  { wrongStops }: Pick<Backtest, "wrongStops">,
  { completeSince, leastMs }: { readonly completeSince: Date | undefined; readonly leastMs: number },
): string | undefined {
  const known = knownMs(history, completeSince);
  if (known < leastMs)
    return (
      `the recorded history is too short: all runs are known of ${formatDuration(Math.floor(known / 60_000) * 60)}, ` +
      `and ${formatDuration(leastMs / 1000)} are asked for`
    );
  const { successes } = wrongStops;
  if (successes < FEWEST)
    return `too few runs are recorded: ${formatCount(successes, "run")} that succeeded, and ${FEWEST} are the fewest that say anything`;
  const replayed = new Set(simulated(policy, history.runs).policy.rules.map(({ id }) => id));
  const stopping = policy.rules.filter(hasStop);
  if (stopping.length > 0 && !stopping.some(({ id }) => replayed.has(id)))
    return "none of its rules that stop runs can be back-tested on what is recorded";
  return undefined;
}
