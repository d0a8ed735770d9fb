import {
  type Decision,
  type MicroUsd,
  type Observation,
  type Run,
  toMicroUsd,
  toUsd,
} from "../policy/index.ts";
import type { Order } from "./by-hand.ts";
import type { OpenIntent } from "./control.ts";
import {
  type ClosingKind,
  type EntryDraft,
  type EntryEvidence,
  type EntryKind,
  entryIdOf,
  runChain,
} from "./entry.ts";
import { evidenceOf, runFigures } from "./evidence.ts";
import type { Standing } from "./ladder.ts";
import { intentOutlook, quietOutlook } from "./outlook.ts";

const WATCHDOG = "watchdog";

export type Stamp = {
  readonly now: Date;
  readonly tickId: string;
  readonly policyVersion: number;
  /** Set where an operator ordered the stop. */
  readonly order?: Order;
  /** Why an exemption that stands did not hold the stop back. */
  readonly reason?: string;
};

const aboutRun = (run: Run, life: number) => ({
  subject: { kind: "run" as const, runId: run.id, life },
  runId: run.id,
  actorId: run.actorId,
  ...(run.actorTaskId && { actorTaskId: run.actorTaskId }),
  run: runFigures(run),
});

const KIND_OF_DECISION = { notify: "step.notified", hold: "abort.held", observe: "abort.observed" } as const;

/** Which step an entry is about: the share, and what it rests on where that is not what Apify says. */
const placeOf = ({ at, basis }: Decision["step"]): string | number => (basis ? `${at}:${basis}` : at);

/** Which limit an entry is about: 5 USD are not 5 USD an hour, though a rule says the one today and the other tomorrow. */
const limitOf = ({ metric, limit }: Decision["evidence"]): string => `${metric}/${limit}`;

/** Which entry a decision asks for when it asks for no call. */
const quietKind = ({
  action,
  mode,
}: Decision): (typeof KIND_OF_DECISION)[keyof typeof KIND_OF_DECISION] | undefined => {
  if (action === "notify" || action === "hold") return KIND_OF_DECISION[action];
  return mode === "observe" ? KIND_OF_DECISION.observe : undefined;
};

/** The entry for a decision that calls nothing: a notice, a held or an observed stop. Once per subject, rule, share,
 * limit and its value, kind and guard. */
export function quietDraft(
  decision: Decision,
  observation: Observation,
  stamp: Stamp,
): EntryDraft | undefined {
  const kind = quietKind(decision);
  if (kind === undefined) return undefined;
  const { subject, ruleId, step, guard, evidence, mode, owner } = decision;
  const parts = [
    runChain(subject.runId),
    subject.life,
    ruleId,
    placeOf(step),
    limitOf(evidence),
    kind,
    guard,
  ] as const;
  return {
    entryId: entryIdOf(...parts),
    kind,
    at: stamp.now.toISOString(),
    ...aboutRun(observation.run, subject.life),
    ruleId,
    step,
    mode,
    policyVersion: stamp.policyVersion,
    ...(guard && { guard }),
    ...(owner !== undefined && { owner }),
    ...quietOutlook(kind, decision),
    evidence: evidenceOf(decision),
    by: WATCHDOG,
    tickId: stamp.tickId,
  };
}

/** The id of an intent: a run that was let go and is condemned again gets another. */
export const intentIdOf = ({ subject, ruleId, step, evidence }: Decision, closedBefore: number): string =>
  entryIdOf(
    runChain(subject.runId),
    subject.life,
    ruleId,
    placeOf(step),
    limitOf(evidence),
    "abort.intended",
    closedBefore,
  );

export function intentDraft(
  decision: Decision,
  observation: Observation,
  intentId: string,
  stamp: Stamp,
): EntryDraft {
  const reason = stamp.order?.reason ?? stamp.reason;
  return {
    entryId: intentId,
    kind: "abort.intended",
    at: stamp.now.toISOString(),
    ...aboutRun(observation.run, decision.subject.life),
    ruleId: decision.ruleId,
    step: decision.step,
    mode: decision.mode,
    policyVersion: stamp.policyVersion,
    ...(decision.owner !== undefined && { owner: decision.owner }),
    ...intentOutlook("abort.intended", intentId),
    evidence: evidenceOf(decision),
    by: stamp.order?.by ?? WATCHDOG,
    ...(reason !== undefined && { reason }),
    tickId: stamp.tickId,
  };
}

type Progress = {
  readonly kind: "abort.requested" | "abort.failed" | "abort.forced" | "abort.unconfirmed";
  readonly gracefully?: boolean;
  readonly response?: string;
  readonly reason?: string;
};

/** When and by which tick. What follows an intent speaks of the intent's own rule and policy version. */
export type IntentStamp = Pick<Stamp, "now" | "tickId">;

const aboutIntent = (kind: EntryKind, intent: OpenIntent, stamp: IntentStamp) => ({
  at: stamp.now.toISOString(),
  subject: { kind: "run" as const, runId: intent.runId, life: intent.life },
  runId: intent.runId,
  actorId: intent.actorId,
  ...(intent.actorTaskId && { actorTaskId: intent.actorTaskId }),
  ruleId: intent.ruleId,
  step: intent.step,
  mode: "enforce",
  policyVersion: intent.policyVersion,
  by: intent.order?.by ?? WATCHDOG,
  tickId: stamp.tickId,
  intentId: intent.intentId,
  ...(intent.owner !== undefined && { owner: intent.owner }),
  ...intentOutlook(kind, intent.intentId),
  evidence: intent.evidence,
});

/** What came of an intent so far. Once per intent, kind and manner of call. */
export function progressDraft(
  intent: OpenIntent,
  run: Run | undefined,
  progress: Progress,
  stamp: IntentStamp,
): EntryDraft {
  return {
    entryId: entryIdOf(intent.intentId, progress.kind, String(progress.gracefully)),
    ...aboutIntent(progress.kind, intent, stamp),
    ...(run && { run: runFigures(run) }),
    ...progress,
  };
}

/** The promise of a call without grace, with what condemns the run now, which may be another rule than the intent's. */
export function forcedDraft(
  intent: OpenIntent,
  run: Run,
  standing: Standing | undefined,
  stamp: IntentStamp,
): EntryDraft {
  const by = standing?.kind === "condemned" ? standing.by : undefined;
  const draft = progressDraft(intent, run, { kind: "abort.forced", gracefully: false }, stamp);
  if (by === undefined) return draft;
  // Another rule's owner is not to be told of this one.
  const { owner: _intents, ...rest } = draft;
  return { ...rest, ...by };
}

/** What the run cost above a limit on its cost, in micro-dollars. */
const overshoot = (final: MicroUsd | undefined, { metric, limit }: EntryEvidence): MicroUsd | undefined =>
  final === undefined || metric !== "usageTotalUsd" ? undefined : Math.max(0, final - toMicroUsd(limit));

/** The one entry that closes an intent, with the figures that the run ended at. */
export function closingDraft(
  intent: OpenIntent,
  run: Run | undefined,
  closing: { readonly kind: ClosingKind; readonly reason?: string },
  stamp: IntentStamp,
): EntryDraft {
  // A run that was let go has not ended.
  const final = closing.kind === "abort.withdrawn" ? undefined : run?.usageTotalMicroUsd;
  const over = overshoot(final, intent.evidence);
  return {
    entryId: entryIdOf(intent.intentId, "closing"),
    ...aboutIntent(closing.kind, intent, stamp),
    ...(run && { run: runFigures(run) }),
    ...closing,
    ...(final !== undefined && { finalUsageTotalUsd: toUsd(final) }),
    ...(over !== undefined && { overshootUsd: toUsd(over) }),
  };
}
