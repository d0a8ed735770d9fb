import fc from "fast-check";
import type {
  BudgetMemory,
  Heartbeat,
  Live,
  LiveRun,
  RecordedMark,
  Sample,
} from "../../../src/watchdog/model/live.ts";
import type { Counted } from "../../../src/watchdog/model/ports.ts";
import { amount, count, date, dictionary, few, id, ofSpenders, run, text, whole } from "../arbitraries.ts";

const runWithoutDetail = run.map(({ detail: _detail, ...rest }): LiveRun["run"] => rest);
const figure = { at: date, usageMicroUsd: amount };
const point = fc.record({ at: date, microUsd: amount }, { noNullPrototype: true });
const sample = whole<Sample>(
  { at: date, netBytes: amount, outputs: amount, usageMicroUsd: amount, stats: amount },
  ["at"],
);

const liveRun = whole<LiveRun>(
  {
    run: runWithoutDetail,
    observedAt: date,
    source: fc.constantFrom("list" as const, "detail" as const),
    life: whole<LiveRun["life"]>(
      {
        number: count,
        since: date,
        doubtedAt: date,
        readyUntil: date,
        stoppingSince: date,
        looks: dictionary(date),
        lookedAt: date,
      },
      ["number", "since", "looks"],
    ),
    unrecordedBefore: ofSpenders,
    unread: fc.boolean(),
    costAt: date,
    askedAt: date,
    doubtful: fc.boolean(),
    burn: few(fc.record(figure, { noNullPrototype: true })),
    samples: whole<NonNullable<LiveRun["samples"]>>(
      { base: sample, earlier: sample, latest: sample, unmovedSince: date },
      ["base"],
    ),
    recorded: whole<RecordedMark>(
      {
        status: text,
        life: count,
        settled: fc.boolean(),
        version: count,
        spentMicroUsd: amount,
        booked: fc.dictionary(fc.constantFrom("2026-11-24T06", "2026-11-24"), amount, {
          noNullPrototype: true,
        }),
        bookedBefore: ofSpenders,
        counted: whole<Counted>({ failures: count, failedAt: date }, ["failures"]),
        at: date,
      },
      ["status", "life", "settled", "version"],
      // A mark that does not tell the slots of what is spent is one of before, and is not kept.
    ).map((mark) => (mark.spentMicroUsd === undefined ? mark : { booked: {}, ...mark })),
    spent: point,
    trail: whole<NonNullable<LiveRun["trail"]>>(
      {
        from: date,
        point,
        points: count,
        open: few(point),
        slopes: fc.tuple(amount, amount),
        gaps: few(fc.record({ from: date, to: date }, { noNullPrototype: true })),
      },
      ["from", "point", "points"],
    ),
    activeUntil: date,
    strange: few(fc.record({ from: date, to: date }, { noNullPrototype: true })),
    untold: few(fc.record({ from: date, to: date }, { noNullPrototype: true })),
    taken: fc.record(
      {
        at: date,
        bySlot: fc.dictionary(fc.constant("2026-11-24T06"), fc.integer(), { noNullPrototype: true }),
      },
      { noNullPrototype: true },
    ),
    unrecorded: fc.dictionary(fc.constantFrom("2026-11-24T06", "2026-11-24"), fc.integer(), {
      noNullPrototype: true,
    }),
    said: few(id),
    missingSince: date,
    resting: whole<NonNullable<LiveRun["resting"]>>(
      {
        at: date,
        usageMicroUsd: amount,
        final: fc.boolean(),
        againAt: date,
        moved: fc.record({ at: date, microUsd: amount }, { noNullPrototype: true }),
      },
      ["at"],
    ),
  },
  ["run", "observedAt", "source", "life", "said"],
);

const heartbeat: fc.Arbitrary<Heartbeat> = fc.record(
  {
    tickId: id,
    startedAt: date,
    finishedAt: date,
    listed: count,
    evaluated: count,
    skipped: dictionary(count),
    complete: fc.boolean(),
  },
  { noNullPrototype: true },
);

/** Everything about live runs. */
export const lives: fc.Arbitrary<Omit<Live, "version">> = whole<Omit<Live, "version">>(
  {
    runs: few(liveRun).map((runs) => new Map(runs.map((each) => [each.run.id, each]))),
    cursor: date,
    awaitedUpTo: date,
    heartbeat,
    completeAt: date,
    recordings: count,
    amiss: dictionary(fc.record({ since: date, ticks: count }, { noNullPrototype: true })),
    called: fc.record(
      {
        standing: dictionary(date),
        over: few(fc.record({ id, since: date, until: date }, { noNullPrototype: true })),
        betweenMs: count,
      },
      { noNullPrototype: true, requiredKeys: ["standing", "over"] },
    ),
    renamed: few(
      fc.record(
        { key: id, from: id, to: id, policyVersion: count },
        { requiredKeys: ["key", "from", "policyVersion"], noNullPrototype: true },
      ),
    ),
    selecting: fc.record(
      { policyVersion: count, listedAt: date, had: few(id), none: few(id) },
      { noNullPrototype: true },
    ),
    takenUp: fc.record(
      {
        at: date,
        controlVersion: count,
        rest: fc.record({ from: date, to: date }, { noNullPrototype: true }),
      },
      { noNullPrototype: true, requiredKeys: ["at", "controlVersion"] },
    ),
    budgets: whole<BudgetMemory>({ looks: dictionary(date), lookedAt: date, said: few(id) }, [
      "looks",
      "said",
    ]),
  },
  ["runs"],
);
