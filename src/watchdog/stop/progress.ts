import type { Run } from "../../policy/index.ts";
import { changeControl } from "../audit/append.ts";
import {
  type Closing,
  closingDraft,
  forcedDraft,
  type IntentStamp,
  progressDraft,
} from "../audit/outcome-drafts.ts";
import type { Control, OpenIntent } from "../model/control.ts";
import { type EntryDraft, runChain } from "../model/entry.ts";
import { CLAIM_MS, findIntent, withoutIntent, withoutMissing, withPatch } from "../model/intents.ts";
import { noteOutcome } from "../model/pass.ts";
import type { Standing } from "../model/standing.ts";
import type { Promising } from "./pursuing.ts";

type Advance = {
  readonly draft: (intent: OpenIntent, stamp: IntentStamp) => EntryDraft;
  readonly patch: ((intent: OpenIntent) => Partial<OpenIntent>) | "close";
  /** Asked of the very control state that the write is conditional on. */
  readonly when?: (intent: OpenIntent, control: Control) => boolean | Promise<boolean>;
};

/**
 * Writes an entry about an open intent together with what it changes of it. Returns the intent as it stood before, or
 * `undefined` when it is open no more or `when` said no: then nothing was written.
 */
async function advance(
  promising: Promising,
  intentId: string,
  { draft, patch, when }: Advance,
): Promise<OpenIntent | undefined> {
  let latest: { intent: OpenIntent; draft: EntryDraft } | undefined;
  const changed = await changeControl(promising.ports, async (control) => {
    latest = undefined;
    const intent = findIntent(control, intentId);
    if (intent === undefined || (when && !(await when(intent, control)))) return undefined;
    latest = {
      intent,
      draft: draft(intent, { now: promising.ports.apify.now(), tickId: promising.tick.id }),
    };
    const next =
      patch === "close" ? withoutIntent(control, intentId) : withPatch(control, intentId, patch(intent));
    return { next, draft: latest.draft, chain: runChain(intent.runId) };
  });
  if (changed === undefined || latest === undefined) return undefined;
  if (changed.appended) noteOutcome(promising, latest.draft);
  return latest.intent;
}

/** The API is known to have taken a call; `response` is the status it answered with, or `lost`. */
export const noteRequested = (
  promising: Promising,
  id: string,
  run: Run,
  response: string,
  gracefully: boolean,
) =>
  advance(promising, id, {
    draft: (intent, stamp) =>
      progressDraft(intent, run, { kind: "abort.requested", gracefully, response }, stamp),
    // Escalation counts from the first call that was taken.
    patch: ({ requestedAt }) => ({
      requestedAt: requestedAt ?? promising.ports.apify.now(),
      callSent: true,
      ...(!gracefully && { forceAnswered: true }),
    }),
    when: (intent) => !gracefully || intent.requestedAt === undefined,
  });

/**
 * A call was refused, or its answer is lost and this tick gives up. `isAnswered`: this was the call, and is not just still
 * to be made.
 */
export const noteFailed = (
  promising: Promising,
  id: string,
  run: Run,
  response: string,
  { gracefully, isAnswered = true }: { readonly gracefully: boolean; readonly isAnswered?: boolean },
) =>
  advance(promising, id, {
    draft: (intent, stamp) =>
      progressDraft(intent, run, { kind: "abort.failed", gracefully, response }, stamp),
    patch: () => ({ callSent: true, ...(!gracefully && isAnswered && { forceAnswered: true }) }),
  });

/**
 * Promises the one call without grace, if `judge` still condemns the run on the very state that the promise is written
 * on, this pass holds the claim and no such call was answered before. Whoever promised it before has died, or could not
 * keep it.
 */
export const promiseForce = (
  promising: Promising,
  id: string,
  run: Run,
  promisedAt: Date,
  judge: (intent: OpenIntent, control: Control) => Promise<Standing>,
) => {
  let standing: Standing | undefined;
  return advance(promising, id, {
    draft: (intent, stamp) => forcedDraft(intent, run, standing, stamp),
    patch: () => ({ forcedAt: promisedAt, forceSpared: false }),
    when: async (intent, control) => {
      standing = await judge(intent, control);
      const isOurs = intent.claim.tickId === promising.tick.id;
      return isOurs && !intent.forceAnswered && standing.kind === "condemned";
    },
  });
};

/** The call without grace that was promised then was not taken, and why. It may be promised again. */
export const spareForce = (promising: Promising, id: string, run: Run, promisedAt: Date, why: string) =>
  advance(promising, id, {
    draft: (intent, stamp) =>
      progressDraft(
        intent,
        run,
        { kind: "abort.failed", gracefully: false, response: `not taken: ${why}` },
        stamp,
      ),
    patch: () => ({ forceSpared: true }),
    when: ({ forcedAt }) => forcedAt?.getTime() === promisedAt.getTime(),
  });

export const noteUnconfirmed = (promising: Promising, id: string, run: Run, reason: string) =>
  advance(promising, id, {
    draft: (intent, stamp) => progressDraft(intent, run, { kind: "abort.unconfirmed", reason }, stamp),
    patch: () => ({ unconfirmedAt: promising.ports.apify.now() }),
    when: (intent) => intent.unconfirmedAt === undefined,
  });

export const close = (
  promising: Promising,
  id: string,
  run: Run | undefined,
  closing: Closing,
  when?: (intent: OpenIntent, control: Control) => Promise<boolean>,
) =>
  advance(promising, id, {
    draft: (intent, stamp) => closingDraft(intent, run, closing, stamp),
    patch: "close",
    ...(when && { when }),
  });

/** Changes an intent without a word in the audit. */
export const patchIntent = (promising: Promising, id: string, patch: Partial<OpenIntent>) =>
  changeControl(promising.ports, (control) =>
    findIntent(control, id) ? { next: withPatch(control, id, patch) } : undefined,
  );

export const forgetMissing = (promising: Promising, id: string) =>
  changeControl(promising.ports, (control) =>
    findIntent(control, id) ? { next: withoutMissing(control, id) } : undefined,
  );

/** Takes an intent over once its claim has run out, on condition that nobody else did meanwhile. */
export const claimIntent = (promising: Promising, id: string) =>
  changeControl(promising.ports, (control) => {
    const intent = findIntent(control, id);
    const now = promising.ports.apify.now();
    if (intent === undefined || (intent.claim.tickId !== promising.tick.id && intent.claim.until > now))
      return undefined;
    const until = new Date(now.getTime() + CLAIM_MS);
    return { next: withPatch(control, id, { claim: { tickId: promising.tick.id, until } }) };
  });
