import fc from "fast-check";
import type { Run, Typical } from "../../src/policy/index.ts";
import type {
  Backfill,
  KnownTypical,
  LedgerState,
  ListPlace,
  OfSpender,
  RunRecord,
} from "../../src/watchdog/model/ports.ts";

/**
 * Everything that is stored, with every optional field there or not. Each record must name each field of its type,
 * so that a field added to a type and forgotten in its JSON form fails to compile here, and then to round trip.
 */
type Fields<T> = { readonly [K in keyof T]-?: fc.Arbitrary<Exclude<T[K], undefined>> };

/** A record of these fields, those that are not required there or not. */
export const whole = <T extends object>(
  fields: Fields<T>,
  requiredKeys: readonly (keyof T)[],
): fc.Arbitrary<T> =>
  fc.record(fields, {
    requiredKeys: [...requiredKeys] as never,
    noNullPrototype: true,
  }) as unknown as fc.Arbitrary<T>;

/** An instant of this century. */
export const date = fc.date({
  min: new Date("2020-01-01"),
  max: new Date("2099-12-31"),
  noInvalidDate: true,
});
/** An instant as an entry has it. */
export const isoText = date.map((each) => each.toISOString());
/** What an id may hold, and more. */
export const id = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" });
/** Words of any script, or none. */
export const text = fc.string({ maxLength: 20, unit: "grapheme" });
/** A whole number. */
export const count = fc.nat({ max: 1_000 });
/** A number from 0 on, whole or not. */
export const amount = fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e9, noNaN: true }).map(Math.abs));
/** Up to three values by name. */
export const dictionary = <T>(value: fc.Arbitrary<T>) =>
  fc.dictionary(fc.stringMatching(/^[a-z@/%]{1,8}[0-9]$/), value, { maxKeys: 3, noNullPrototype: true });
/** Up to three of these. */
export const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });

const runFields: Fields<Run> = {
  id,
  actorId: id,
  actorTaskId: id,
  status: text,
  startedAt: date,
  finishedAt: date,
  origin: text,
  scheduleId: id,
  userId: id,
  usageTotalMicroUsd: amount,
  settings: whole<NonNullable<Run["settings"]>>(
    {
      build: text,
      buildNumber: text,
      memoryMbytes: count,
      timeoutSecs: count,
      pricingModel: text,
      maxTotalChargeMicroUsd: amount,
      capSetByUser: fc.boolean(),
      maxItems: count,
      restartOnError: fc.boolean(),
    },
    [],
  ),
  detail: whole<NonNullable<Run["detail"]>>(
    {
      stats: dictionary(amount),
      resurrectCount: count,
      usage: dictionary(amount),
      usageMicroUsd: dictionary(amount),
      events: dictionary(amount),
      eventMicroUsd: dictionary(amount),
      accountedEvents: dictionary(amount),
      eventUsageMicroUsd: dictionary(amount),
      resultMicroUsd: amount,
      chargingStoppedAt: date,
      metamorphs: count,
      billing: text,
    },
    ["stats"],
  ),
};
const runKeys = ["id", "actorId", "status", "startedAt", "origin"] as const;
/** A run as Apify tells it. */
export const run = whole<Run>(runFields, runKeys);

/** What is booked under others. */
export const ofSpenders: fc.Arbitrary<readonly OfSpender[]> = fc.array(
  fc.record(
    {
      spender: whole<OfSpender["spender"]>(
        { actorId: text, actorTaskId: text, origin: text, scheduleId: text },
        ["actorId"],
      ),
      bySlot: fc.dictionary(fc.constantFrom("2026-11-24T06", "2026-11-24"), amount, {
        noNullPrototype: true,
      }),
    },
    { noNullPrototype: true },
  ),
  { minLength: 1, maxLength: 2 },
);

/** What is recorded of a run. */
export const records: fc.Arbitrary<RunRecord> = whole<RunRecord>(
  {
    run,
    life: count,
    recordedAt: date,
    settledAt: date,
    version: count.map((recordings) => recordings + 1),
    spent: fc.record({ at: date, microUsd: amount }, { noNullPrototype: true }),
    booked: fc.dictionary(fc.constantFrom("2026-11-24T06", "2026-11-24"), amount, { noNullPrototype: true }),
    bookedBefore: ofSpenders,
  },
  ["run", "life", "recordedAt", "version"],
);

const dateSpan = { from: date, to: date };
/** What is known of the ledger as a whole. */
export const ledgers: fc.Arbitrary<Omit<LedgerState, "version">> = whole<Omit<LedgerState, "version">>(
  {
    completeSince: date,
    countedSince: date,
    backfill: whole<Backfill>(
      {
        since: date,
        until: date,
        place: whole<ListPlace>({ after: date, offset: count, last: id }, ["offset"]),
        runs: count,
        unsettled: few(id),
        tries: count,
      },
      ["since", "until", "runs", "unsettled"],
    ),
    cycle: fc.record({ ...dateSpan, readAt: date }, { noNullPrototype: true }),
    accountUsage: fc.record({ microUsd: count, readAt: date }, { noNullPrototype: true }),
    drift: few(
      fc.record({ at: date, apifyMicroUsd: count, ledgerMicroUsd: count }, { noNullPrototype: true }),
    ),
  },
  ["drift"],
);

const typicalFigure = fc.record({ median: amount, runs: count }, { noNullPrototype: true });
/** What is kept as typical of an Actor or a task. */
export const typicals: fc.Arbitrary<KnownTypical> = whole<KnownTypical>(
  {
    typical: whole<Typical>({ usageTotalMicroUsd: typicalFigure, runTimeSecs: typicalFigure }, []),
    readAt: date,
  },
  ["readAt"],
);
