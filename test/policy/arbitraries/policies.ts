import fc from "fast-check";
import { DEFAULT_LOOP, type Policy, type Rule } from "../../../src/policy/index.ts";
import { defined, maybe } from "./odds.ts";
import { rules } from "./rules.ts";

const maxAborts = fc.record({
  perTick: fc.integer({ min: 0, max: 6 }),
  perHour: fc.integer({ min: 0, max: 9 }),
  percentOfLive: fc.integer({ min: 0, max: 100 }),
});

const policyWith = (of: fc.Arbitrary<readonly Rule[]>): fc.Arbitrary<Policy> =>
  fc
    .record({
      mode: fc.constantFrom("observe", "enforce" as const),
      owner: maybe(fc.constant("ops")),
      rules: of,
      maxAborts,
    })
    .map(({ maxAborts: most, owner, ...rest }) => ({
      version: 1,
      timeZone: "UTC",
      escalation: { forceAfterSecs: 60, alarmAfterSecs: 300 },
      guards: { maxAborts: most, loop: DEFAULT_LOOP, maxHolds: 10, staleAfterSecs: 600 },
      ...(owner !== undefined && { owner }),
      ...rest,
    }));

/** No rule has a mode of its own, so the policy's decides. */
export const policies = policyWith(rules);

/** Some rules have a mode of their own. */
export const mixedPolicies = policyWith(
  rules.chain((list) =>
    fc
      .tuple(...list.map(() => fc.constantFrom("observe", "enforce", undefined)))
      .map((modes) => list.map((rule, i) => ({ ...rule, ...defined({ mode: modes[i] }) }))),
  ),
);
