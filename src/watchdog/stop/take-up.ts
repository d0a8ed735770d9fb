import {
  DAY_MS,
  inLastHour,
  type RecentIntent,
  type Step,
  type Stopped,
  toMicroUsd,
} from "../../policy/index.ts";
import { changeControl, readChain } from "../audit/append.ts";
import { WATCHDOG } from "../audit/drafts.ts";
import { type Control, type OpenIntent, sameRef, stateOf } from "../model/control.ts";
import { CLOSING_KINDS, type Entry, runChain } from "../model/entry.ts";
import { CLAIM_MS, findIntent, withIntent } from "../model/intents.ts";
import type { TakenUp } from "../model/live.ts";
import { alert } from "../model/pass.ts";
import type { Pursuing } from "./pursuing.ts";

/** So far back each pass looks for intents in the audit; further where the last pass that did is longer ago. */
const LOOK_BACK_MS = 15 * 60_000;
/** Behind a control state that is older than the last pass knew it, and where no pass has been. */
const AFTER_RESTORE_MS = 31 * DAY_MS;
/**
 * Clocks of processes that may stop anything are closer than this. What is dated further ahead is found once it is that
 * near. Each month that the span touches is a query of every tick.
 */
const LOOK_AHEAD_MS = 60 * 60_000;

const closing: readonly string[] = CLOSING_KINDS;

/** What taking up takes: up to when the last pass had done so. */
export type TakingUp = Pursuing & {
  readonly takenUp: { kept: TakenUp | undefined; readonly isFirst: boolean };
};

/** From when on the audit may have what this control state does not know. */
function sinceOf({ completeAt, takenUp }: TakingUp, { version }: Control, now: Date): Date {
  const { isFirst, kept } = takenUp;
  const isOlder = kept ? version < kept.controlVersion : isFirst;
  if (isOlder) return new Date(now.getTime() - AFTER_RESTORE_MS);
  // What was restored has the last pass of then.
  const lastMs = (kept?.at ?? completeAt ?? now).getTime();
  return new Date(Math.min(now.getTime() - LOOK_BACK_MS, lastMs));
}

/** The newest intents of the index: one query where there are not many entries. */
async function newestIntents({ ports }: Pursuing, from: Date, now: Date) {
  const intended: Entry[] = [];
  const closed = new Set<string | undefined>();
  const to = new Date(now.getTime() + LOOK_AHEAD_MS);
  for await (const { copies, text } of ports.audit.list({ from, to })) {
    if (copies.kind === "abort.intended") intended.push(JSON.parse(text) as Entry);
    if (closing.includes(copies.kind)) closed.add((JSON.parse(text) as Entry).intentId);
  }
  return { intended, open: intended.filter(({ entryId }) => !closed.has(entryId)) };
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
const stoppedOf = ({ burnUsdPerHour, run, subject, runId = "" }: Entry): Stopped => ({
  runId,
  life: subject.kind === "run" ? subject.life : 1,
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
    return { next: withIntent(control, intent, tick, stoppedOf(entry)) };
  });
  return changed !== undefined;
}

/** Those of the last hour that this control state does not count in the blast radius. */
function uncounted(
  intended: readonly Entry[],
  { recentIntents }: Control,
  now: Date,
): readonly RecentIntent[] {
  const counted = new Set(recentIntents.map(({ runId, life }) => `${runId}#${life}`));
  const recent = intended.map((entry): RecentIntent => {
    const at = new Date(entry.at);
    return { ...stoppedOf(entry), at, tickId: entry.tickId ?? "", tickEndsBy: at };
  });
  return inLastHour(recent, now).filter(({ runId, life }) => !counted.has(`${runId}#${life}`));
}

/** Counts them again. Returns how many that are. */
async function countAgain({ ports }: Pursuing, intended: readonly Entry[], now: Date): Promise<number> {
  let missing: readonly RecentIntent[] = [];
  await changeControl(ports, (control) => {
    missing = uncounted(intended, control, now);
    if (missing.length === 0) return undefined;
    return { next: { ...stateOf(control), recentIntents: [...control.recentIntents, ...missing] } };
  });
  return missing.length;
}

/**
 * Takes up again what the audit has open, and counts what it has of the last hour, where the control state does not know it,
 * as after the state table was restored from a backup: else such a run would never be stopped, since its intent is written
 * already, and more would be stopped in an hour than may be. `state`: as read before. Returns the runs taken up.
 */
export async function takeUp(pass: TakingUp, state: Control): Promise<ReadonlySet<string>> {
  const now = pass.ports.apify.now();
  const { intended, open } = await newestIntents(pass, sinceOf(pass, state, now), now);
  const known = new Set(state.openIntents.map(({ intentId }) => intentId));
  const back = new Set<string>();
  for (const entry of open) {
    const { subject } = entry;
    if (known.has(entry.entryId) || subject.kind !== "run" || entry.chain !== runChain(subject.runId))
      continue;
    if (await putBack(pass, entry)) back.add(subject.runId);
  }
  const isShort = uncounted(intended, state, now).length > 0;
  const counted = isShort ? await countAgain(pass, intended, now) : 0;
  pass.takenUp.kept = { at: now, controlVersion: state.version };
  alertRestored(pass, back.size, counted);
  return back;
}

function alertRestored(pass: TakingUp, open: number, counted: number): void {
  const where = "in the audit and not in the state table, as after a restore;";
  const intents = open === 1 ? "1 open intent is" : `${open} open intents are`;
  const stops = counted === 1 ? "1 stop of the last hour is" : `${counted} stops of the last hour are`;
  if (open > 0) alert(pass, "restored:", `${intents} ${where} they are taken up again`);
  else if (counted > 0) alert(pass, "restored:", `${stops} ${where} they count again`);
}
