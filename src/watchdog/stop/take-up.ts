import { type Step, type Stopped, toMicroUsd } from "../../policy/index.ts";
import { changeControl, readChain } from "../audit/append.ts";
import { WATCHDOG } from "../audit/drafts.ts";
import { type OpenIntent, sameRef } from "../model/control.ts";
import { CLOSING_KINDS, type Entry, runChain } from "../model/entry.ts";
import { CLAIM_MS, findIntent, withIntent } from "../model/intents.ts";
import { alert } from "../model/pass.ts";
import type { Pursuing } from "./pursuing.ts";

/** So far back each pass looks for intents in the audit; further where the last complete tick is longer ago. */
const LOOK_BACK_MS = 15 * 60_000;
/**
 * Clocks of processes that may stop anything are closer than this. What is dated further ahead is found once it is that
 * near. Each month that the span touches is a query of every tick.
 */
const LOOK_AHEAD_MS = 60 * 60_000;

const closing: readonly string[] = CLOSING_KINDS;

/** The newest intents of the index that are not closed there: one query where there are not many entries. */
async function newestIntents({ completeAt, ports }: Pursuing): Promise<readonly Entry[]> {
  const now = ports.apify.now();
  const back = now.getTime() - LOOK_BACK_MS;
  // What was restored has the last tick of then.
  const from = new Date(Math.min(back, (completeAt ?? now).getTime()));
  const intended: Entry[] = [];
  const closed = new Set<string | undefined>();
  const to = new Date(now.getTime() + LOOK_AHEAD_MS);
  for await (const { copies, text } of ports.audit.list({ from, to })) {
    if (copies.kind === "abort.intended") intended.push(JSON.parse(text) as Entry);
    if (closing.includes(copies.kind)) closed.add((JSON.parse(text) as Entry).intentId);
  }
  return intended.filter(({ entryId }) => !closed.has(entryId));
}

/** The open intent that its chain tells of. Whether a call left unwritten nobody can say, so it counts as sent. */
function intentOf(entry: Entry, chain: readonly Entry[], claim: OpenIntent["claim"]): OpenIntent | undefined {
  const { actorId, evidence, ruleId, step, subject, policyVersion, policyHash } = entry;
  if (subject.kind !== "run" || !actorId || !evidence || ruleId === undefined || !step) return undefined;
  if (policyVersion === undefined) return undefined;
  const own = chain.filter(({ intentId }) => intentId === entry.entryId);
  if (own.some(({ kind }) => closing.includes(kind))) return undefined;
  const atOf = (kind: Entry["kind"], graceful?: boolean): Date | undefined => {
    const found = own.find((each) => each.kind === kind && (!graceful || each.gracefully !== false));
    return found && new Date(found.at);
  };
  const [requestedAt, forcedAt, unconfirmedAt] = [
    atOf("abort.requested"),
    atOf("abort.forced"),
    atOf("abort.unconfirmed"),
  ];
  const isForceAnswered = own.some(
    ({ kind, gracefully }) => gracefully === false && (kind === "abort.requested" || kind === "abort.failed"),
  );
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
    ...(forcedAt && { forcedAt, ...(isForceAnswered && { forceAnswered: true }) }),
    ...(unconfirmedAt && { unconfirmedAt }),
    ...(entry.by !== WATCHDOG && { order: { by: entry.by, reason: entry.reason ?? "" } }),
    ...(entry.owner !== undefined && { owner: entry.owner }),
    ...(entry.run?.usageTotalUsd !== undefined && { usageTotalUsd: entry.run.usageTotalUsd }),
  };
}

/** What its place in the blast radius rests on, as far as the entry has it: a place of its own, for it names no source. */
const stoppedOf = ({ burnUsdPerHour, run }: Entry, { life, runId }: OpenIntent): Stopped => ({
  runId,
  life,
  ...(run && { startedAt: new Date(run.startedAt) }),
  ...(run?.usageTotalUsd !== undefined && { usageTotalMicroUsd: toMicroUsd(run.usageTotalUsd) }),
  ...(burnUsdPerHour !== undefined && { burnMicroUsdPerHour: toMicroUsd(burnUsdPerHour) }),
});

/** Puts an intent back into the control state, unless that knows it, or one of the same run, or the audit has closed it. */
async function putBack(pursuing: Pursuing, entry: Entry): Promise<boolean> {
  const { ports, tick } = pursuing;
  const claim = { tickId: tick.id, until: new Date(ports.apify.now().getTime() + CLAIM_MS) };
  const changed = await changeControl(ports, async (control) => {
    if (findIntent(control, entry.entryId)) return undefined;
    // Read after the control state: an intent that was closed before that has its closing entry here.
    const { entries } = await readChain(ports, entry.chain);
    const intent = intentOf(entry, entries, claim);
    if (intent === undefined || control.openIntents.some(({ runId }) => runId === intent.runId))
      return undefined;
    return { next: withIntent(control, intent, tick, stoppedOf(entry, intent)) };
  });
  return changed !== undefined;
}

/**
 * Takes up again what the audit has open and the control state does not know, as after the state table was restored from a
 * backup: else such a run would never be stopped, since its intent is written already. Returns the runs.
 */
export async function takeUp(pursuing: Pursuing, known: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const back = new Set<string>();
  const newest = await newestIntents(pursuing);
  const unknown = newest.filter(({ entryId }) => !known.has(entryId));
  for (const entry of unknown) {
    if (entry.subject.kind !== "run" || entry.chain !== runChain(entry.subject.runId)) continue;
    if (await putBack(pursuing, entry)) back.add(entry.subject.runId);
  }
  if (back.size > 0) {
    const intents = back.size === 1 ? "1 open intent is" : `${back.size} open intents are`;
    const text = `${intents} in the audit and not in the state table, as after a restore; they are taken up again`;
    alert(pursuing, "restored:", text);
  }
  return back;
}
