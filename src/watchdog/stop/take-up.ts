import { DAY_MS, inLastHour, type RecentIntent } from "../../policy/index.ts";
import { changeControl, readChain } from "../audit/append.ts";
import { isHoldClosing, openHoldsIn } from "../audit/holds/hold-entries.ts";
import { type Control, type OpenIntent, stateOf } from "../model/control.ts";
import { type Entry, runChain } from "../model/entry.ts";
import { findHold } from "../model/holds/sources.ts";
import { CLAIM_MS, findIntent, withIntent, withoutIntent, withPatch } from "../model/intents.ts";
import type { TakenUp } from "../model/live.ts";
import { alert } from "../model/pass.ts";
import type { Pursuing } from "./pursuing.ts";
import { sharedTick } from "./shared-tick.ts";
import { intentOf, isBehind, kindsOf, newestIntents, stoppedOf } from "./told-intents.ts";

/** So far back each pass looks for intents in the audit; further where the last pass that did is longer ago. */
const LOOK_BACK_MS = 15 * 60_000;
/** Behind a control state that is older than the last pass knew it, and where no pass has come to its end. */
const AFTER_RESTORE_MS = 31 * DAY_MS;

/** What taking up takes: up to when the last pass had done so; and whether this one found any. */
export type TakingUp = Pursuing & {
  readonly takenUp: {
    kept: TakenUp | undefined;
    hasFound: boolean;
    holds: { readonly open: readonly Entry[]; readonly ended: readonly Entry[] };
  };
};

type Span = { readonly from: Date; readonly to: Date };

/** From when on the audit may have what this control state does not know. */
function sinceOf({ takenUp: { kept } }: TakingUp, { version }: Control, now: Date): Date {
  if (kept === undefined || version < kept.controlVersion) return new Date(now.getTime() - AFTER_RESTORE_MS);
  // What was restored has the last pass of then.
  return new Date(Math.min(now.getTime() - LOOK_BACK_MS, kept.at.getTime()));
}

/**
 * May the control state be believed although the audit could not be looked through? Not where more than the usual minutes
 * are to be caught up with, as after a restore: then it is unknown how many were stopped in the last hour.
 */
export function isCaughtUp(pass: TakingUp, state: Control): boolean {
  const { startedAt } = pass.tick;
  return startedAt.getTime() - sinceOf(pass, state, startedAt).getTime() <= LOOK_BACK_MS;
}

/**
 * What a pass looks through, and what it leaves to those that follow: however much there is to catch up with, runs that
 * burn now must not wait for it. The last day, then a day more with each pass.
 *
 *     since                                                     now
 *       |-- rest: a day with each pass --|-- span: a day --|-----|
 */
function spansOf(pass: TakingUp, state: Control, now: Date) {
  const { rest } = pass.takenUp.kept ?? {};
  const dayAgo = new Date(now.getTime() - DAY_MS);
  const since = sinceOf(pass, state, now);
  if (since < dayAgo) {
    const from = rest && rest.from < since ? rest.from : since;
    return { spans: [{ from: dayAgo, to: now }], rest: { from, to: dayAgo } };
  }
  const newest: Span = { from: since, to: now };
  if (rest === undefined) return { spans: [newest] };
  const from = new Date(Math.max(rest.from.getTime(), rest.to.getTime() - DAY_MS));
  const left = from > rest.from ? { rest: { from: rest.from, to: from } } : {};
  return { spans: [{ from, to: rest.to }, newest], ...left };
}

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
    return { next: withIntent(control, intent, sharedTick(pursuing), stoppedOf(entry)) };
  });
  return changed !== undefined;
}

/** Has an intent say what the audit has of it; one that is closed there is open no more. */
async function catchUp({ ports }: Pursuing, { intentId, runId }: OpenIntent): Promise<boolean> {
  const changed = await changeControl(ports, async (control) => {
    const intent = findIntent(control, intentId);
    if (intent === undefined) return undefined;
    const { entries } = await readChain(ports, runChain(runId));
    const entry = entries.find(({ entryId }) => entryId === intentId);
    const kinds = entries.flatMap((each) => (each.intentId === intentId ? kindsOf(each) : []));
    if (entry === undefined || !isBehind(intent, new Set(kinds))) return undefined;
    const told = intentOf(entry, entries, intent.claim);
    return { next: told ? withPatch(control, intentId, told) : withoutIntent(control, intentId) };
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

/** Between what one process dates and when another has read it. */
const DATED_MS = 10_000;

/** Promises that are open and that this control state does not know; and what ended since the last pass, which it may not know either. */
function holdsToTakeUp(
  { takenUp: { kept } }: TakingUp,
  state: Control,
  ofHolds: readonly Entry[],
  spans: readonly Span[],
): TakingUp["takenUp"]["holds"] {
  const isOlder = kept === undefined || state.version < kept.controlVersion;
  const sinceMs = isOlder ? Number.NEGATIVE_INFINITY : kept.at.getTime() - DATED_MS;
  // Of the days that are caught up with, all counts: no pass has looked through these yet.
  const restMs = spans.length > 1 ? (spans[0]?.to.getTime() ?? sinceMs) : Number.NEGATIVE_INFINITY;
  const isNew = (at: number): boolean => at >= sinceMs || at <= restMs;
  return {
    open: openHoldsIn(ofHolds).filter(({ entryId }) => findHold(state, entryId) === undefined),
    ended: ofHolds.filter(({ kind, at }) => isHoldClosing(kind) && isNew(Date.parse(at))),
  };
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
  const { spans, rest } = spansOf(pass, state, now);
  const { intended, after, open, ofHolds } = await newestIntents(pass, spans);
  const known = new Set(state.openIntents.map(({ intentId }) => intentId));
  const back = new Set<string>();
  for (const entry of open) {
    const { subject } = entry;
    if (known.has(entry.entryId) || subject.kind !== "run" || entry.chain !== runChain(subject.runId))
      continue;
    if (await putBack(pass, entry)) back.add(subject.runId);
  }
  for (const intent of state.openIntents) {
    if (isBehind(intent, after.get(intent.intentId)) && (await catchUp(pass, intent))) back.add(intent.runId);
  }
  const isShort = uncounted(intended, state, now).length > 0;
  const counted = isShort ? await countAgain(pass, intended, now) : 0;
  pass.takenUp.holds = holdsToTakeUp(pass, state, ofHolds, spans);
  pass.takenUp.kept = { at: now, controlVersion: state.version, ...(rest && { rest }) };
  pass.takenUp.hasFound ||= back.size > 0;
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
