import type { LedgerView, Observation, Policy } from "../../../src/policy/index.ts";
import { explainDecision } from "../../../src/watchdog/explain/explain-decision.ts";
import { blast, control, NOON, observation, policy, run, usd } from "../../support/builders.ts";

/** What stands otherwise around a run. */
export type Around = {
  readonly policy?: Policy;
  readonly control?: ReturnType<typeof control>;
  readonly ledger?: LedgerView;
};

/** What is foreseen of a run at noon, by the policy of no run over 5 USD if no other is given. */
export const explain = (seen: Observation, around: Around = {}, others: readonly Observation[] = []) =>
  explainDecision(
    {
      policy: policy(),
      control: control(),
      observations: [seen, ...others],
      blast: blast(["run1"]),
      now: NOON,
      ...around,
    },
    seen,
  );

/** A run that has cost so much, and burns as much an hour. */
export const costing = (amount: number, id = "run1"): Observation =>
  observation({ run: run({ id, usageTotalMicroUsd: usd(amount) }), burnMicroUsdPerHour: usd(amount) });
