import * as v from "valibot";
import type { Run } from "../../policy/index.ts";

/**
 * The pieces of the JSON forms of what is stored. Dates are ISO 8601 where people may look, and epoch milliseconds in the
 * live index, which is written every minute. Keys that we do not know are a newer version's, which may run beside this one
 * while it is being deployed: they are kept, and written back with what was changed.
 */

export type Dates = v.GenericSchema<unknown, Date>;
export const isoDate: Dates = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => new Date(text)),
  v.date(),
);
export const epochDate: Dates = v.pipe(
  v.number(),
  v.transform((ms) => new Date(ms)),
  v.date(),
);

export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const number = v.pipe(v.number(), v.finite());
export const list = <T>(item: v.GenericSchema<unknown, T>) => v.array(item);

export const numbers = v.record(v.string(), number);
/** What is booked of a run under others. */
export const ofSpenders = list(
  v.looseObject({
    spender: v.looseObject({
      actorId: v.string(),
      actorTaskId: v.exactOptional(v.string()),
      origin: v.exactOptional(v.string()),
      scheduleId: v.exactOptional(v.string()),
    }),
    bySlot: numbers,
  }),
);
const settings = v.looseObject({
  build: v.exactOptional(v.string()),
  buildNumber: v.exactOptional(v.string()),
  memoryMbytes: v.exactOptional(number),
  timeoutSecs: v.exactOptional(number),
  pricingModel: v.exactOptional(v.string()),
  maxTotalChargeMicroUsd: v.exactOptional(number),
  capSetByUser: v.exactOptional(v.boolean()),
  maxItems: v.exactOptional(number),
  restartOnError: v.exactOptional(v.boolean()),
});

export const runWith = (date: Dates): v.GenericSchema<unknown, Run> =>
  v.looseObject({
    id: v.string(),
    actorId: v.string(),
    actorTaskId: v.exactOptional(v.string()),
    status: v.string(),
    startedAt: date,
    finishedAt: v.exactOptional(date),
    origin: v.exactOptional(v.string()),
    scheduleId: v.exactOptional(v.string()),
    userId: v.exactOptional(v.string()),
    usageTotalMicroUsd: v.exactOptional(number),
    settings: v.exactOptional(settings),
    detail: v.exactOptional(
      v.looseObject({
        stats: numbers,
        resurrectCount: v.exactOptional(count),
        usage: v.exactOptional(numbers),
        usageMicroUsd: v.exactOptional(numbers),
        events: v.exactOptional(numbers),
        eventMicroUsd: v.exactOptional(numbers),
        accountedEvents: v.exactOptional(numbers),
        eventUsageMicroUsd: v.exactOptional(numbers),
        resultMicroUsd: v.exactOptional(number),
        chargingStoppedAt: v.exactOptional(date),
        metamorphs: v.exactOptional(count),
        billing: v.exactOptional(v.string()),
      }),
    ),
  });
