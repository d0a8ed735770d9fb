import { type Step, type Stopped, toMicroUsd } from "../../policy/index.ts";
import { WATCHDOG } from "../audit/drafts.ts";
import { entryIn } from "../audit/entry-in.ts";
import { type OpenIntent, sameRef } from "../model/control.ts";
import { type Entry, isClosing } from "../model/entry.ts";
import type { StoredEntry } from "../model/ports.ts";
import type { Pursuing } from "./pursuing.ts";

/** What the audit tells of intents, where the control state does not know it. */

/**
 * Clocks of processes that may stop anything are closer than this. What is dated further ahead is found once it is that
 * near. Each month that the span touches is a query of every tick.
 */
const LOOK_AHEAD_MS = 60 * 60_000;

const progress: readonly string[] = ["abort.requested", "abort.failed", "abort.forced", "abort.unconfirmed"];

/** What an answer to the call without grace counts as: its entry is of the same kind as that of one with grace. */
const FORCE_ANSWERED = "force-answered";

/**
 * Is it an answer to the call without grace? A lost one is none, nor is what Apify turned away with 401, 403 or unseen: such a
 * call is still to be made.
 */
const isForceAnswer = ({ kind, gracefully, response = "" }: Entry): boolean =>
  gracefully === false &&
  (kind === "abort.requested" || (kind === "abort.failed" && /^(?!401|403)\d{3} /.test(response)));

/** What an entry about an intent tells of it. */
export const kindsOf = (entry: Entry): readonly string[] =>
  isForceAnswer(entry) ? [entry.kind, FORCE_ANSWERED] : [entry.kind];

/**
 * The intents that the index has of these spans of time, the last of which ends now, and which kinds of entries it has of
 * each: one query for a span where there are not many.
 */
export async function newestIntents(
  { ports }: Pick<Pursuing, "ports">,
  spans: readonly { readonly from: Date; readonly to: Date }[],
) {
  const intended: Entry[] = [];
  const ofHolds: Entry[] = [];
  const after = new Map<string, Set<string>>();
  const take = ({ copies: { kind }, text }: StoredEntry): void => {
    const ofHold = kind.startsWith("source.") ? entryIn(text) : undefined;
    if (ofHold) ofHolds.push(ofHold);
    const isAfter = isClosing(kind) || progress.includes(kind);
    const entry = isAfter || kind === "abort.intended" ? entryIn(text) : undefined;
    if (entry && !isAfter) intended.push(entry);
    if (!entry || !isAfter) return;
    const { intentId = "" } = entry;
    after.set(intentId, new Set([...(after.get(intentId) ?? []), ...kindsOf(entry)]));
  };
  for (const span of spans) {
    const ahead = span === spans.at(-1) ? LOOK_AHEAD_MS : 0;
    const to = new Date(span.to.getTime() + ahead);
    for await (const entry of ports.audit.list({ from: span.from, to })) take(entry);
  }
  const isClosed = ({ entryId }: Entry): boolean => [...(after.get(entryId) ?? [])].some(isClosing);
  const open = intended.filter((entry) => !isClosed(entry));
  return { intended, after, open, ofHolds };
}

/** Do entries of these kinds tell more of the intent than the control state knows? */
export const isBehind = (
  { requestedAt, forcedAt, forceAnswered, unconfirmedAt }: OpenIntent,
  kinds: ReadonlySet<string> = new Set(),
): boolean =>
  [...kinds].some(isClosing) ||
  (kinds.has("abort.requested") && requestedAt === undefined) ||
  (kinds.has("abort.forced") && forcedAt === undefined) ||
  (kinds.has(FORCE_ANSWERED) && !forceAnswered) ||
  (kinds.has("abort.unconfirmed") && unconfirmedAt === undefined);

/** The open intent that its chain tells of. Whether a call left unwritten nobody can say, so it counts as sent. */
export function intentOf(
  entry: Entry,
  chain: readonly Entry[],
  claim: OpenIntent["claim"],
): OpenIntent | undefined {
  const { actorId, evidence, ruleId, step, subject, policyVersion, policyHash } = entry;
  if (subject.kind !== "run" || !actorId || !evidence || ruleId === undefined || !step) return undefined;
  if (policyVersion === undefined) return undefined;
  const own = chain.filter(({ intentId }) => intentId === entry.entryId);
  if (own.some(({ kind }) => isClosing(kind))) return undefined;
  const atOf = (kind: Entry["kind"], graceful?: boolean): Date | undefined => {
    const found = own.find((each) => each.kind === kind && (!graceful || each.gracefully !== false));
    return found && new Date(found.at);
  };
  const [requestedAt, forcedAt, unconfirmedAt] = [
    atOf("abort.requested"),
    atOf("abort.forced"),
    atOf("abort.unconfirmed"),
  ];
  const { also: _also, ...plain } = evidence;
  return {
    ...sameRef({ policyVersion, ...(policyHash !== undefined && { policyHash }) }),
    intentId: entry.entryId,
    runId: subject.runId,
    life: subject.life,
    actorId,
    ...(entry.actorTaskId && { actorTaskId: entry.actorTaskId }),
    ruleId,
    step: step as Step,
    at: new Date(entry.at),
    evidence: plain,
    claim,
    callSent: true,
    ...(requestedAt && { requestedAt }),
    ...(forcedAt && { forcedAt }),
    ...(own.some(isForceAnswer) && { forceAnswered: true }),
    ...(unconfirmedAt && { unconfirmedAt }),
    ...(entry.by !== WATCHDOG && { order: { by: entry.by, reason: entry.reason ?? "" } }),
    ...(entry.owner !== undefined && { owner: entry.owner }),
    ...(entry.run?.usageTotalUsd !== undefined && { usageTotalUsd: entry.run.usageTotalUsd }),
  };
}

/** What its place in the blast radius rests on, as far as the entry has it: a place of its own, for it names no source. */
export const stoppedOf = ({ burnUsdPerHour, run, subject, runId = "" }: Entry): Stopped => ({
  runId,
  life: subject.kind === "run" ? subject.life : 1,
  ...(run && { startedAt: new Date(run.startedAt) }),
  ...(run?.usageTotalUsd !== undefined && { usageTotalMicroUsd: toMicroUsd(run.usageTotalUsd) }),
  ...(burnUsdPerHour !== undefined && { burnMicroUsdPerHour: toMicroUsd(burnUsdPerHour) }),
});
