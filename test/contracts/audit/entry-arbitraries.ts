import fc from "fast-check";
import type { RecentIntent } from "../../../src/policy/index.ts";
import type { ControlState, OpenIntent } from "../../../src/watchdog/model/control.ts";
import { ENTRY_KINDS, type EntryDraft, type EntryEvidence } from "../../../src/watchdog/model/entry.ts";
import type { LeftSource, SourceHold } from "../../../src/watchdog/model/holds/hold.ts";
import { amount, count, date, dictionary, few, id, isoText, text, whole } from "../arbitraries.ts";

const action = fc.constantFrom("notify", "abort", "abort-now" as const);
const step = whole<OpenIntent["step"]>({ at: amount, do: action, basis: fc.constant("estimate" as const) }, [
  "at",
  "do",
]);

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
    policyHash: id,
    at: date,
    evidence,
    claim: fc.record({ tickId: id, until: date }, { noNullPrototype: true }),
    callSent: fc.boolean(),
    requestedAt: date,
    forcedAt: date,
    unconfirmedAt: date,
    missingSince: date,
    callLost: fc.boolean(),
    forceAnswered: fc.boolean(),
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

const sourceHold = whole<SourceHold>(
  {
    holdId: id,
    scheduleId: id,
    name: text,
    cause: fc.oneof(
      fc.record(
        { kind: fc.constant("budget" as const), ruleId: id, group: id, from: date },
        { noNullPrototype: true },
      ),
      fc.record({ kind: fc.constant("loop" as const), stops: count }, { noNullPrototype: true }),
      fc.record({ kind: fc.constant("hand" as const), by: text, reason: text }, { noNullPrototype: true }),
    ),
    policyVersion: count,
    policyHash: text,
    at: date,
    until: date,
    modifiedAt: date,
    state: text,
    claim: fc.record({ tickId: id, until: date }, { noNullPrototype: true }),
    madeAt: date,
    letGo: fc.record({ at: date, by: text, reason: text }, { noNullPrototype: true }),
    goneAt: date,
    measured: amount,
  },
  ["holdId", "scheduleId", "cause", "at", "until", "modifiedAt", "state", "claim"],
);

/** Without a head: a plain write never sets it. */
export const controlStates: fc.Arbitrary<ControlState> = whole<Omit<ControlState, "head">>(
  {
    revision: count,
    apifyUserId: id,
    policyVersion: count,
    acknowledged: few(
      fc.record({ id: text, by: text, reason: text, at: date, until: date }, { noNullPrototype: true }),
    ),
    deployedPolicy: fc.record({ hash: text, version: count }, { noNullPrototype: true }),
    loops: few(
      fc.record(
        {
          source: fc.record(
            { kind: fc.constantFrom("schedule" as const, "task" as const, "actor" as const), id },
            { noNullPrototype: true },
          ),
          since: date,
        },
        { noNullPrototype: true },
      ),
    ),
    drill: fc.record({ id: text, by: text, at: date, until: date }, { noNullPrototype: true }),
    pause: whole<NonNullable<ControlState["pause"]>>({ since: date, until: date, by: text, reason: text }, [
      "since",
      "by",
      "reason",
    ]),
    recentIntents: few(
      whole<RecentIntent>(
        {
          runId: id,
          life: count,
          source: fc.record(
            { kind: fc.constantFrom("schedule" as const, "task" as const, "actor" as const), id },
            { noNullPrototype: true },
          ),
          startedAt: date,
          burnMicroUsdPerHour: amount,
          usageTotalMicroUsd: amount,
          at: date,
          tickId: id,
          tickEndsBy: date,
        },
        ["runId", "life", "at", "tickId", "tickEndsBy"],
      ),
    ),
    openIntents: few(openIntent),
    holds: few(sourceHold),
    freed: few(
      fc.record(
        { scheduleId: id, until: date, why: fc.constantFrom("released", "enabled", "refused") },
        { noNullPrototype: true },
      ),
    ),
    left: few(
      whole<LeftSource>(
        {
          scheduleId: id,
          name: text,
          holdId: id,
          at: date,
          reason: fc.constantFrom("changed", "refused"),
          goneAt: date,
        },
        ["scheduleId", "holdId", "at", "reason"],
      ),
    ),
  },
  ["revision", "recentIntents", "openIntents"],
);

/** An entry before it has a place in its chain. */
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
    policyHash: id,
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
    children: few(id),
    change: dictionary(text),
  },
  ["entryId", "kind", "at", "subject", "by"],
);
