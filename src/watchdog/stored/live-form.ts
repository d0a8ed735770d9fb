import * as v from "valibot";
import type { LiveRun } from "../model/live.ts";
import { count, epochDate, list, number, numbers, ofSpenders, runWith } from "./forms.ts";

const figure = { at: epochDate, usageMicroUsd: number };
const spendPoint = v.looseObject({ at: epochDate, microUsd: number });
const sample = v.looseObject({
  at: epochDate,
  netBytes: v.exactOptional(number),
  outputs: v.exactOptional(number),
  usageMicroUsd: v.exactOptional(number),
  stats: v.exactOptional(number),
});

/** One figure alone is how it was kept before. */
const burn = v.union([
  list(v.looseObject(figure)),
  v.pipe(
    v.looseObject(figure),
    v.transform((only) => [only]),
  ),
]);

const liveRun: v.GenericSchema<unknown, LiveRun> = v.looseObject({
  run: runWith(epochDate),
  observedAt: epochDate,
  source: v.picklist(["list", "detail"]),
  life: v.looseObject({
    number: count,
    since: epochDate,
    doubtedAt: v.exactOptional(epochDate),
    readyUntil: v.exactOptional(epochDate),
    stoppingSince: v.exactOptional(epochDate),
    looks: v.record(v.string(), epochDate),
    lookedAt: v.exactOptional(epochDate),
  }),
  unread: v.exactOptional(v.boolean()),
  costAt: v.exactOptional(epochDate),
  askedAt: v.exactOptional(epochDate),
  doubtful: v.exactOptional(v.boolean()),
  burn: v.exactOptional(burn),
  samples: v.exactOptional(
    v.looseObject({
      base: sample,
      earlier: v.exactOptional(sample),
      latest: v.exactOptional(sample),
      unmovedSince: v.exactOptional(epochDate),
    }),
  ),
  recorded: v.exactOptional(
    v.looseObject({
      status: v.string(),
      life: count,
      settled: v.boolean(),
      // Absent in what was kept before there was a ledger.
      version: v.optional(count, 0),
      spentMicroUsd: v.exactOptional(number),
      booked: v.exactOptional(numbers),
      bookedBefore: v.exactOptional(ofSpenders),
      counted: v.exactOptional(v.looseObject({ failures: count, failedAt: v.exactOptional(epochDate) })),
      at: v.exactOptional(epochDate),
    }),
  ),
  spent: v.exactOptional(spendPoint),
  unrecorded: v.exactOptional(numbers),
  unrecordedBefore: v.exactOptional(ofSpenders),
  trail: v.exactOptional(
    v.looseObject({
      from: epochDate,
      point: spendPoint,
      points: count,
      open: v.exactOptional(list(spendPoint)),
      slopes: v.exactOptional(v.tuple([number, number])),
      gaps: v.exactOptional(list(v.looseObject({ from: epochDate, to: epochDate }))),
    }),
  ),
  activeUntil: v.exactOptional(epochDate),
  strange: v.exactOptional(list(v.looseObject({ from: epochDate, to: epochDate }))),
  untold: v.exactOptional(list(v.looseObject({ from: epochDate, to: epochDate }))),
  taken: v.exactOptional(v.looseObject({ at: epochDate, bySlot: numbers })),
  said: list(v.string()),
  missingSince: v.exactOptional(epochDate),
  resting: v.exactOptional(
    v.looseObject({
      at: epochDate,
      usageMicroUsd: v.exactOptional(number),
      final: v.exactOptional(v.boolean()),
      againAt: v.exactOptional(epochDate),
      moved: v.exactOptional(v.looseObject({ at: epochDate, microUsd: number })),
    }),
  ),
});

export const liveForm = v.looseObject({
  runs: list(liveRun),
  cursor: v.exactOptional(epochDate),
  awaitedUpTo: v.exactOptional(epochDate),
  completeAt: v.exactOptional(epochDate),
  recordings: v.exactOptional(count),
  takenUp: v.exactOptional(
    v.looseObject({
      at: epochDate,
      controlVersion: count,
      rest: v.exactOptional(v.looseObject({ from: epochDate, to: epochDate })),
    }),
  ),
  budgets: v.exactOptional(
    v.looseObject({
      looks: v.record(v.string(), epochDate),
      lookedAt: v.exactOptional(epochDate),
      said: list(v.string()),
    }),
  ),
  amiss: v.exactOptional(v.record(v.string(), v.looseObject({ since: epochDate, ticks: count }))),
  called: v.exactOptional(
    v.looseObject({
      standing: v.record(v.string(), epochDate),
      over: list(v.looseObject({ id: v.string(), since: epochDate, until: epochDate })),
      betweenMs: v.exactOptional(count),
    }),
  ),
  selecting: v.exactOptional(
    v.looseObject({
      policyVersion: count,
      listedAt: epochDate,
      had: list(v.string()),
      none: list(v.string()),
    }),
  ),
  renamed: v.exactOptional(
    list(
      v.looseObject({
        key: v.string(),
        from: v.string(),
        to: v.exactOptional(v.string()),
        policyVersion: count,
      }),
    ),
  ),
  heartbeat: v.exactOptional(
    v.looseObject({
      tickId: v.string(),
      startedAt: epochDate,
      finishedAt: epochDate,
      listed: count,
      evaluated: count,
      skipped: v.record(v.string(), number),
      complete: v.boolean(),
      attention: v.exactOptional(list(v.string())),
      blind: v.exactOptional(
        list(v.looseObject({ ruleId: v.string(), why: v.string(), runs: v.exactOptional(count) })),
      ),
      heldStops: v.exactOptional(v.looseObject({ runs: count, usdPerHour: number })),
    }),
  ),
});
