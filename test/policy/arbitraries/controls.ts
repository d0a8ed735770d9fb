import fc from "fast-check";
import type { ControlView, Exemption, RecentIntent } from "../../../src/policy/index.ts";
import { at, HOUR, usd } from "../../support/builders.ts";
import { actorIds, ruleIds, runIds } from "./odds.ts";

/** Of all rules, or of one alone. */
const someRuns = fc
  .tuple(
    fc.oneof(
      fc.record({ kind: fc.constant("run" as const), id: fc.constantFrom(...runIds) }),
      fc.record({ kind: fc.constant("actor" as const), id: fc.constantFrom(...actorIds) }),
      fc.record({ kind: fc.constant("task" as const), id: fc.constantFrom("task1", "task2") }),
    ),
    fc.option(fc.constantFrom(...ruleIds), { nil: undefined, freq: 2 }),
  )
  .map(([subject, ruleId]) => ({ ...subject, ...(ruleId !== undefined && { ruleId }) }));

const subject = fc.oneof(
  { weight: 3, arbitrary: someRuns },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("rule" as const), id: fc.constantFrom(...ruleIds) }),
  },
);

export const exemptions: fc.Arbitrary<Exemption> = fc.oneof(
  fc.record(
    {
      kind: fc.constant("valid" as const),
      subject,
      until: fc.integer({ min: -HOUR, max: HOUR }).map(at),
      ceilingMicroUsd: fc.integer({ min: 0, max: 20 }).map(usd),
      owner: fc.constant("ada"),
      reason: fc.constant("backfill"),
    },
    { requiredKeys: ["kind", "subject", "until", "owner", "reason"] },
  ),
  fc.record({ kind: fc.constant("malformed" as const), subject, problem: fc.constant("no date") }),
);

export const pauses: fc.Arbitrary<NonNullable<ControlView["pause"]>> = fc.record(
  {
    since: fc.constant(at(-HOUR)),
    until: fc.integer({ min: -HOUR, max: HOUR }).map(at),
    by: fc.constant("ada"),
    reason: fc.constant("incident"),
  },
  { requiredKeys: ["since", "by", "reason"] },
);

const recentIntents: fc.Arbitrary<readonly RecentIntent[]> = fc.array(
  fc.record({
    runId: fc.constantFrom(...runIds, "gone1", "gone2", "gone3"),
    life: fc.nat({ max: 1 }),
    at: fc.integer({ min: 0, max: 2 * HOUR }).map((secs) => at(-secs)),
    tickId: fc.constantFrom("tick-now", "tick-before"),
    tickEndsBy: fc.integer({ min: -60, max: 60 }).map(at),
  }),
  { maxLength: 6 },
);

export const controls: fc.Arbitrary<ControlView> = fc
  .record({
    pause: fc.option(pauses, { nil: undefined, freq: 4 }),
    exemptions: fc.array(exemptions, { maxLength: 2 }),
    recentIntents,
    openRunIds: fc.uniqueArray(fc.constantFrom(...runIds), { maxLength: 2 }).map((ids) => new Set(ids)),
  })
  .map(({ pause, ...rest }) => ({ ...rest, ...(pause && { pause }) }));
