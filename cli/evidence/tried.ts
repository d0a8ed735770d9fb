import type { Policy } from "../../src/policy/index.ts";
import { type Backtest, backtest as backtestOf } from "../../src/watchdog/learn/backtest.ts";
import { wantedByPolicy, wantedByStops } from "../../src/watchdog/learn/details.ts";
import type { Invocation } from "../command.ts";
import { type KnownPast, readPast, runNames } from "./past.ts";
import { readDetails } from "./read-details.ts";

/** What came of one or two policies on what is known of the past. */
type Tried = {
  readonly past: KnownPast;
  readonly found: Backtest;
  readonly otherFound: Backtest | undefined;
};

/** One or two policies tried on the past, of which those runs are read in full that they can't be tried on otherwise. */
export async function tried(invocation: Invocation, policy: Policy, other?: Policy): Promise<Tried> {
  const listed = await readPast(invocation);
  const names = runNames(listed.nameOf);
  const onThat = (past: KnownPast): Tried => ({
    past,
    found: backtestOf(policy, past.history, names),
    otherFound: other && backtestOf(other, past.history, names),
  });
  const both = other ? [policy, other] : [policy];
  const byRules = both.flatMap((each) => wantedByPolicy(each, listed.history, names));
  const past = await readDetails(invocation, listed, [...new Set(byRules)]);
  const first = onThat(past);
  const stops = [first.found, first.otherFound].flatMap((each) => each?.stops ?? []);
  const known = await readDetails(invocation, past, wantedByStops(stops, past.history));
  return known === past ? first : onThat(known);
}
