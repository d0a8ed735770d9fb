import * as v from "valibot";
import type { RunRecord, Watched } from "../model/ports.ts";
import { count, isoDate, list, number, numbers, ofSpenders, runWith } from "./forms.ts";

export const recordForm: v.GenericSchema<unknown, RunRecord> = v.looseObject({
  run: runWith(isoDate),
  life: count,
  recordedAt: isoDate,
  settledAt: v.exactOptional(isoDate),
  // Absent in what was recorded before there was a ledger.
  version: v.optional(count, 0),
  spent: v.exactOptional(v.looseObject({ at: isoDate, microUsd: number })),
  booked: v.exactOptional(numbers),
  bookedBefore: v.exactOptional(ofSpenders),
});

const dateSpan = { from: isoDate, to: isoDate };
export const watchedForm: v.GenericSchema<unknown, Watched> = v.looseObject({
  from: v.exactOptional(isoDate),
  gaps: v.exactOptional(list(v.looseObject(dateSpan))),
  readyUntil: v.exactOptional(isoDate),
  activeUntil: v.exactOptional(isoDate),
  stoppingSince: v.exactOptional(isoDate),
  strange: v.exactOptional(list(v.looseObject(dateSpan))),
  untold: v.exactOptional(list(v.looseObject(dateSpan))),
});

const place = v.looseObject({
  after: v.exactOptional(isoDate),
  offset: count,
  last: v.exactOptional(v.string()),
});

export const ledgerForm = v.looseObject({
  completeSince: v.exactOptional(isoDate),
  countedSince: v.exactOptional(isoDate),
  backfill: v.exactOptional(
    v.looseObject({
      since: isoDate,
      until: isoDate,
      place: v.exactOptional(place),
      runs: count,
      unsettled: list(v.string()),
      tries: v.exactOptional(count),
    }),
  ),
  cycle: v.exactOptional(v.looseObject({ ...dateSpan, readAt: isoDate })),
  accountUsage: v.exactOptional(v.looseObject({ microUsd: number, readAt: isoDate })),
  drift: list(
    v.looseObject({
      at: isoDate,
      apifyMicroUsd: number,
      ledgerMicroUsd: number,
      moved: v.exactOptional(list(v.looseObject({ runId: v.string(), microUsd: number }))),
    }),
  ),
});
