import { type MicroUsd, type Run, toMicroUsd, toUsd } from "../../policy/index.ts";
import { ORDER } from "../model/by-hand.ts";
import { type OpenIntent, sameRef } from "../model/control.ts";
import { type ClosingKind, type EntryDraft, type EntryKind, entryIdOf } from "../model/entry.ts";
import { runFigures } from "../model/evidence.ts";
import type { Standing } from "../model/standing.ts";
import { type Stamp, WATCHDOG } from "./drafts.ts";
import { intentOutlook } from "./outlook.ts";

/** What follows an intent: how it is getting on, and the one entry that closes it. */

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
  ...sameRef(intent),
  by: intent.order?.by ?? WATCHDOG,
  tickId: stamp.tickId,
  intentId: intent.intentId,
  ...(intent.owner !== undefined && { owner: intent.owner }),
  ...intentOutlook(kind, intent),
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

/**
 * What the run cost beyond its limit, in micro-dollars. Where the limit is not on its cost: what it cost after it was
 * found beyond it.
 */
function overshoot(
  final: MicroUsd | undefined,
  { evidence, usageTotalUsd }: OpenIntent,
): MicroUsd | undefined {
  const from = evidence.metric === "usageTotalUsd" ? evidence.limit : usageTotalUsd;
  if (final === undefined || from === undefined || evidence.metric === ORDER) return undefined;
  return Math.max(0, final - toMicroUsd(from));
}

/** The one entry that closes an intent, with the figures that the run ended at. */
/** How an intent is closed. */
export type Closing = Pick<EntryDraft, "reason" | "children"> & { readonly kind: ClosingKind };

export function closingDraft(
  intent: OpenIntent,
  run: Run | undefined,
  closing: Closing,
  stamp: IntentStamp,
): EntryDraft {
  // A run that was let go has not ended.
  const final = closing.kind === "abort.withdrawn" ? undefined : run?.usageTotalMicroUsd;
  const over = overshoot(final, intent);
  return {
    entryId: entryIdOf(intent.intentId, "closing"),
    ...aboutIntent(closing.kind, intent, stamp),
    ...(run && { run: runFigures(run) }),
    ...closing,
    ...(final !== undefined && { finalUsageTotalUsd: toUsd(final) }),
    ...(over !== undefined && { overshootUsd: toUsd(over) }),
  };
}
