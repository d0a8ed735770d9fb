import * as v from "valibot";
import type { Run } from "../../policy/index.ts";
import type { ControlState, OpenIntent } from "../model/control.ts";
import type { EntryEvidence } from "../model/entry.ts";
import type { LiveRun } from "../model/live.ts";
import type { KnownTypical, Name, RunRecord } from "../model/ports.ts";

/**
 * The JSON forms of what is stored. Dates are ISO 8601 where people may look, and epoch milliseconds in the live
 * index, which is written every minute. Keys that we do not know are dropped.
 */

type Dates = v.GenericSchema<unknown, Date>;
const isoDate: Dates = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => new Date(text)),
  v.date(),
);
const epochDate: Dates = v.pipe(
  v.number(),
  v.transform((ms) => new Date(ms)),
  v.date(),
);

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const number = v.pipe(v.number(), v.finite());
const list = <T>(item: v.GenericSchema<unknown, T>) => v.array(item);
const step = v.object({
  at: number,
  do: v.picklist(["notify", "abort", "abort-now"]),
  basis: v.exactOptional(v.picklist(["estimate", "projected"])),
});
const entryStep = v.object({ at: number, do: v.string(), basis: v.exactOptional(v.string()) });

const numbers = v.record(v.string(), number);
const settings = v.object({
  build: v.exactOptional(v.string()),
  buildNumber: v.exactOptional(v.string()),
  memoryMbytes: v.exactOptional(number),
  timeoutSecs: v.exactOptional(number),
  pricingModel: v.exactOptional(v.string()),
});

const runWith = (date: Dates): v.GenericSchema<unknown, Run> =>
  v.object({
    id: v.string(),
    actorId: v.string(),
    actorTaskId: v.exactOptional(v.string()),
    status: v.string(),
    startedAt: date,
    finishedAt: v.exactOptional(date),
    origin: v.exactOptional(v.string()),
    usageTotalMicroUsd: v.exactOptional(number),
    settings: v.exactOptional(settings),
    detail: v.exactOptional(
      v.object({
        stats: numbers,
        resurrectCount: v.exactOptional(count),
        usage: v.exactOptional(numbers),
        usageMicroUsd: v.exactOptional(numbers),
        events: v.exactOptional(numbers),
        eventMicroUsd: v.exactOptional(numbers),
      }),
    ),
  });

const measured = { metric: v.string(), measured: number, limit: number, unit: v.string() };
const evidence: v.GenericSchema<unknown, EntryEvidence> = v.object({
  ...measured,
  observedAt: v.string(),
  source: v.string(),
  basis: v.string(),
  facts: v.exactOptional(v.record(v.string(), number)),
  budget: v.exactOptional(
    v.object({ per: v.string(), each: v.string(), group: v.string(), from: v.string(), to: v.string() }),
  ),
  also: v.exactOptional(list(v.object({ ruleId: v.string(), step: entryStep, ...measured }))),
});

const openIntent: v.GenericSchema<unknown, OpenIntent> = v.object({
  intentId: v.string(),
  runId: v.string(),
  life: count,
  actorId: v.string(),
  actorTaskId: v.exactOptional(v.string()),
  ruleId: v.string(),
  step,
  policyVersion: count,
  at: isoDate,
  evidence,
  claim: v.object({ tickId: v.string(), until: isoDate }),
  callSent: v.boolean(),
  callLost: v.exactOptional(v.boolean()),
  requestedAt: v.exactOptional(isoDate),
  forcedAt: v.exactOptional(isoDate),
  forceSpared: v.exactOptional(v.boolean()),
  unconfirmedAt: v.exactOptional(isoDate),
  missingSince: v.exactOptional(isoDate),
  order: v.exactOptional(v.object({ by: v.string(), reason: v.string() })),
  owner: v.exactOptional(v.string()),
  usageTotalUsd: v.exactOptional(number),
});

/** Without the head, which only an append moves. */
export type HeadlessState = Omit<ControlState, "head">;
export const controlForm: v.GenericSchema<unknown, HeadlessState> = v.object({
  revision: count,
  apifyUserId: v.exactOptional(v.string()),
  policyVersion: v.exactOptional(count),
  deployedPolicy: v.exactOptional(v.object({ hash: v.string(), version: count })),
  pause: v.exactOptional(
    v.object({ since: isoDate, until: v.exactOptional(isoDate), by: v.string(), reason: v.string() }),
  ),
  recentIntents: list(
    v.object({
      runId: v.string(),
      life: count,
      at: isoDate,
      tickId: v.string(),
      tickEndsBy: isoDate,
    }),
  ),
  openIntents: list(openIntent),
});

const figure = { at: epochDate, usageMicroUsd: number };
const sample = v.object({
  at: epochDate,
  netBytes: v.exactOptional(number),
  outputs: v.exactOptional(number),
  usageMicroUsd: v.exactOptional(number),
});

/** One figure alone is how it was kept before. */
const burn = v.union([
  list(v.object(figure)),
  v.pipe(
    v.object(figure),
    v.transform((only) => [only]),
  ),
]);

const liveRun: v.GenericSchema<unknown, LiveRun> = v.object({
  run: runWith(epochDate),
  observedAt: epochDate,
  source: v.picklist(["list", "detail"]),
  life: v.object({
    number: count,
    since: epochDate,
    readyUntil: v.exactOptional(epochDate),
    stoppingSince: v.exactOptional(epochDate),
    looks: v.record(v.string(), epochDate),
    lookedAt: v.exactOptional(epochDate),
  }),
  burn: v.exactOptional(burn),
  samples: v.exactOptional(
    v.object({ base: sample, earlier: v.exactOptional(sample), latest: v.exactOptional(sample) }),
  ),
  recorded: v.exactOptional(
    v.object({
      status: v.string(),
      life: count,
      settled: v.boolean(),
      // Absent in what was kept before there was a ledger.
      version: v.optional(count, 0),
      spentMicroUsd: v.exactOptional(number),
      at: v.exactOptional(epochDate),
    }),
  ),
  spent: v.exactOptional(v.object({ at: epochDate, microUsd: number })),
  unrecorded: v.exactOptional(numbers),
  said: list(v.string()),
  missingSince: v.exactOptional(epochDate),
  resting: v.exactOptional(
    v.object({
      at: epochDate,
      usageMicroUsd: v.exactOptional(number),
      final: v.exactOptional(v.boolean()),
    }),
  ),
});

export const liveForm = v.object({
  runs: list(liveRun),
  cursor: v.exactOptional(epochDate),
  completeAt: v.exactOptional(epochDate),
  recordings: v.exactOptional(count),
  budgets: v.exactOptional(
    v.object({
      looks: v.record(v.string(), epochDate),
      lookedAt: v.exactOptional(epochDate),
      said: list(v.string()),
    }),
  ),
  heartbeat: v.exactOptional(
    v.object({
      tickId: v.string(),
      startedAt: epochDate,
      finishedAt: epochDate,
      listed: count,
      evaluated: count,
      skipped: v.record(v.string(), number),
      complete: v.boolean(),
    }),
  ),
});

export const recordForm: v.GenericSchema<unknown, RunRecord> = v.object({
  run: runWith(isoDate),
  life: count,
  recordedAt: isoDate,
  settledAt: v.exactOptional(isoDate),
  // Absent in what was recorded before there was a ledger.
  version: v.optional(count, 0),
  spent: v.exactOptional(v.object({ at: isoDate, microUsd: number })),
});

const dateSpan = { from: isoDate, to: isoDate };
const place = v.object({
  after: v.exactOptional(isoDate),
  offset: count,
  last: v.exactOptional(v.string()),
});

export const ledgerForm = v.object({
  completeSince: v.exactOptional(isoDate),
  backfill: v.exactOptional(
    v.object({
      since: isoDate,
      until: isoDate,
      place: v.exactOptional(place),
      runs: count,
      unsettled: list(v.string()),
    }),
  ),
  cycle: v.exactOptional(v.object({ ...dateSpan, readAt: isoDate })),
  drift: list(v.object({ at: isoDate, apifyMicroUsd: number, ledgerMicroUsd: number })),
});

export const nameForm: v.GenericSchema<unknown, Name> = v.object({
  name: v.exactOptional(v.string()),
  readAt: isoDate,
});

const typicalFigure = v.object({ median: number, runs: count });
export const typicalForm: v.GenericSchema<unknown, KnownTypical> = v.object({
  typical: v.exactOptional(
    v.object({
      usageTotalMicroUsd: v.exactOptional(typicalFigure),
      runTimeSecs: v.exactOptional(typicalFigure),
    }),
  ),
  readAt: isoDate,
});

export const exemptionForm = v.object({
  until: isoDate,
  ceilingMicroUsd: v.exactOptional(v.pipe(number, v.minValue(0))),
  owner: v.string(),
  reason: v.string(),
  grantedAt: v.exactOptional(isoDate),
  noticedAt: v.exactOptional(isoDate),
  undoOf: v.exactOptional(v.string()),
});
