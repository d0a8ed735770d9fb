import fc from "fast-check";
import type { Run, Typical } from "../../src/policy/index.ts";
import type { ControlState, OpenIntent } from "../../src/watchdog/control.ts";
import type { EntryDraft, EntryEvidence } from "../../src/watchdog/entry.ts";
import { ENTRY_KINDS } from "../../src/watchdog/entry.ts";
import type {
  BudgetMemory,
  Heartbeat,
  Live,
  LiveRun,
  RecordedMark,
  Sample,
} from "../../src/watchdog/live.ts";
import type { Backfill, KnownTypical, LedgerState, ListPlace, RunRecord } from "../../src/watchdog/ports.ts";

/**
 * Everything that is stored, with every optional field there or not. Each record must name each field of its type,
 * so that a field added to a type and forgotten in its JSON form fails to compile here, and then to round trip.
 */
type Fields<T> = { readonly [K in keyof T]-?: fc.Arbitrary<Exclude<T[K], undefined>> };

const whole = <T extends object>(fields: Fields<T>, requiredKeys: readonly (keyof T)[]): fc.Arbitrary<T> =>
  fc.record(fields, {
    requiredKeys: [...requiredKeys] as never,
    noNullPrototype: true,
  }) as unknown as fc.Arbitrary<T>;

const date = fc.date({ min: new Date("2020-01-01"), max: new Date("2099-12-31"), noInvalidDate: true });
const isoText = date.map((each) => each.toISOString());
const id = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" });
const text = fc.string({ maxLength: 20, unit: "grapheme" });
const count = fc.nat({ max: 1_000 });
const amount = fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e9, noNaN: true }).map(Math.abs));
const dictionary = <T>(value: fc.Arbitrary<T>) =>
  fc.dictionary(fc.stringMatching(/^[a-z@/%]{1,8}[0-9]$/), value, { maxKeys: 3, noNullPrototype: true });
const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });

const action = fc.constantFrom("notify", "abort", "abort-now" as const);
const step = whole<OpenIntent["step"]>({ at: amount, do: action, basis: fc.constant("estimate" as const) }, [
  "at",
  "do",
]);

const runFields: Fields<Run> = {
  id,
  actorId: id,
  actorTaskId: id,
  status: text,
  startedAt: date,
  finishedAt: date,
  origin: text,
  usageTotalMicroUsd: amount,
  settings: whole<NonNullable<Run["settings"]>>(
    { build: text, buildNumber: text, memoryMbytes: count, timeoutSecs: count, pricingModel: text },
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
    },
    ["stats"],
  ),
};
const runKeys = ["id", "actorId", "status", "startedAt", "origin"] as const;
const run = whole<Run>(runFields, runKeys);
const runWithoutDetail = run.map(({ detail: _detail, ...rest }): Run => rest);

export const records: fc.Arbitrary<RunRecord> = whole<RunRecord>(
  {
    run,
    life: count,
    recordedAt: date,
    settledAt: date,
    version: count.map((recordings) => recordings + 1),
    spent: fc.record({ at: date, microUsd: amount }, { noNullPrototype: true }),
  },
  ["run", "life", "recordedAt", "version"],
);

const dateSpan = { from: date, to: date };
export const ledgers: fc.Arbitrary<Omit<LedgerState, "version">> = whole<Omit<LedgerState, "version">>(
  {
    completeSince: date,
    backfill: whole<Backfill>(
      {
        since: date,
        until: date,
        place: whole<ListPlace>({ after: date, offset: count }, ["offset"]),
        runs: count,
        unsettled: few(id),
      },
      ["since", "until", "runs", "unsettled"],
    ),
    cycle: fc.record({ ...dateSpan, readAt: date }, { noNullPrototype: true }),
    drift: few(
      fc.record({ at: date, apifyMicroUsd: count, ledgerMicroUsd: count }, { noNullPrototype: true }),
    ),
  },
  ["drift"],
);

const typicalFigure = fc.record({ median: amount, runs: count }, { noNullPrototype: true });
export const typicals: fc.Arbitrary<KnownTypical> = whole<KnownTypical>(
  {
    typical: whole<Typical>({ usageTotalMicroUsd: typicalFigure, runTimeSecs: typicalFigure }, []),
    readAt: date,
  },
  ["readAt"],
);

const measured = { metric: text, measured: amount, limit: amount, unit: text };
const evidence = whole<EntryEvidence>(
  {
    ...measured,
    observedAt: isoText,
    source: text,
    basis: text,
    facts: dictionary(amount),
    budget: fc.record(
      { per: text, each: text, group: id, from: isoText, to: isoText },
      { noNullPrototype: true },
    ),
    also: few(fc.record({ ruleId: id, step, ...measured }, { noNullPrototype: true })),
  },
  ["metric", "measured", "limit", "unit", "observedAt", "source", "basis"],
);

const openIntent = whole<OpenIntent>(
  {
    intentId: id,
    runId: id,
    life: count,
    actorId: id,
    actorTaskId: id,
    ruleId: id,
    step,
    policyVersion: count,
    at: date,
    evidence,
    claim: fc.record({ tickId: id, until: date }, { noNullPrototype: true }),
    callSent: fc.boolean(),
    requestedAt: date,
    forcedAt: date,
    unconfirmedAt: date,
    missingSince: date,
    callLost: fc.boolean(),
    forceSpared: fc.boolean(),
    order: fc.record({ by: text, reason: text }, { noNullPrototype: true }),
    owner: text,
    usageTotalUsd: amount,
  },
  [
    "intentId",
    "runId",
    "life",
    "actorId",
    "ruleId",
    "step",
    "policyVersion",
    "at",
    "evidence",
    "claim",
    "callSent",
  ],
);

/** Without a head: a plain write never sets it. */
export const controlStates: fc.Arbitrary<ControlState> = whole<Omit<ControlState, "head">>(
  {
    revision: count,
    apifyUserId: id,
    policyVersion: count,
    deployedPolicy: fc.record({ hash: text, version: count }, { noNullPrototype: true }),
    pause: whole<NonNullable<ControlState["pause"]>>({ since: date, until: date, by: text, reason: text }, [
      "since",
      "by",
      "reason",
    ]),
    recentIntents: few(
      fc.record(
        { runId: id, life: count, at: date, tickId: id, tickEndsBy: date },
        { noNullPrototype: true },
      ),
    ),
    openIntents: few(openIntent),
  },
  ["revision", "recentIntents", "openIntents"],
);

const figure = { at: date, usageMicroUsd: amount };
const sample = whole<Sample>({ at: date, netBytes: amount, outputs: amount, usageMicroUsd: amount }, ["at"]);

const liveRun = whole<LiveRun>(
  {
    run: runWithoutDetail,
    observedAt: date,
    source: fc.constantFrom("list" as const, "detail" as const),
    life: whole<LiveRun["life"]>(
      {
        number: count,
        since: date,
        readyUntil: date,
        stoppingSince: date,
        looks: dictionary(date),
        lookedAt: date,
      },
      ["number", "since", "looks"],
    ),
    burn: few(fc.record(figure, { noNullPrototype: true })),
    samples: whole<NonNullable<LiveRun["samples"]>>({ base: sample, earlier: sample, latest: sample }, [
      "base",
    ]),
    recorded: whole<RecordedMark>(
      {
        status: text,
        life: count,
        settled: fc.boolean(),
        version: count,
        spentMicroUsd: amount,
        at: date,
      },
      ["status", "life", "settled", "version"],
    ),
    spent: fc.record({ at: date, microUsd: amount }, { noNullPrototype: true }),
    unrecorded: fc.dictionary(fc.constantFrom("2026-11-24T06", "2026-11-24"), fc.integer(), {
      noNullPrototype: true,
    }),
    said: few(id),
    missingSince: date,
    resting: whole<NonNullable<LiveRun["resting"]>>(
      { at: date, usageMicroUsd: amount, final: fc.boolean() },
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

export const lives: fc.Arbitrary<Omit<Live, "version">> = whole<Omit<Live, "version">>(
  {
    runs: few(liveRun).map((runs) => new Map(runs.map((each) => [each.run.id, each]))),
    cursor: date,
    heartbeat,
    completeAt: date,
    recordings: count,
    budgets: whole<BudgetMemory>({ looks: dictionary(date), lookedAt: date, said: few(id) }, [
      "looks",
      "said",
    ]),
  },
  ["runs"],
);

export const drafts: fc.Arbitrary<EntryDraft> = whole<EntryDraft>(
  {
    entryId: id,
    kind: fc.constantFrom(...ENTRY_KINDS),
    at: isoText,
    subject: fc.oneof(
      fc.record({ kind: fc.constant("run" as const), runId: id, life: count }, { noNullPrototype: true }),
      fc.record(
        { kind: fc.constant("budget" as const), ruleId: id, group: id, from: isoText },
        { noNullPrototype: true },
      ),
    ),
    runId: id,
    actorId: id,
    actorTaskId: id,
    ruleId: id,
    step,
    mode: text,
    policyVersion: count,
    guard: text,
    owner: text,
    next: text,
    overrule: text,
    evidence,
    run: whole<NonNullable<EntryDraft["run"]>>(
      { status: text, startedAt: isoText, finishedAt: isoText, origin: text, usageTotalUsd: amount },
      ["status", "startedAt", "origin"],
    ),
    by: text,
    tickId: id,
    gracefully: fc.boolean(),
    response: text,
    reason: text,
    intentId: id,
    burnUsdPerHour: amount,
    overshootBoundUsd: amount,
    finalUsageTotalUsd: amount,
    overshootUsd: amount,
    change: dictionary(text),
  },
  ["entryId", "kind", "at", "subject", "by"],
);
