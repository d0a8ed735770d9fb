import fc from "fast-check";
import type { Blast, DecideInput, Observation, Policy } from "../../../src/policy/index.ts";
import { at, NOON } from "../../support/builders.ts";
import { controls } from "./controls.ts";
import { ruleIds } from "./odds.ts";
import { mixedPolicies, policies } from "./policies.ts";
import { limits } from "./rules.ts";
import { observationsFor } from "./runs.ts";

export const blastOf = (seen: readonly Observation[]): Blast => ({
  tick: { id: "tick-now", startedAt: at(-5) },
  liveRunIds: new Set(seen.map(({ run: { id } }) => id)),
});

const inputsWith = (of: fc.Arbitrary<Policy>): fc.Arbitrary<DecideInput> =>
  of.chain((policy) =>
    fc
      .record({ policy: fc.constant(policy), observations: observationsFor(policy.rules), control: controls })
      .map((input) => ({ ...input, blast: blastOf(input.observations), now: NOON })),
  );

/** One run and one rule of any kind that is meant for every run: little in the way of what the figures say. */
export const plainInputs: fc.Arbitrary<DecideInput> = inputsWith(
  fc.tuple(policies, limits, fc.constantFrom(20, 100)).map(([policy, limit, share]) => ({
    ...policy,
    mode: "enforce",
    rules: [{ id: ruleIds[0], limit, steps: [{ at: share, do: "abort" }] }],
  })),
).map((input) => ({
  ...input,
  observations: input.observations.slice(0, 1),
  control: { exemptions: [], recentIntents: [], openRunIds: new Set() },
}));

export const inputs = inputsWith(policies);
export const mixedInputs = inputsWith(mixedPolicies);
