import type { TrueRun } from "../../../../emulator/index.ts";
import { isExempt, isPaused } from "../control-plane.ts";
import { type Figures, stopsOf } from "../figures/judge.ts";
import { leastFigures } from "../figures/least.ts";
import type { Knowledge } from "../knowledge.ts";
import { leastHeldAgainst } from "../money/budgets-at-rest.ts";
import { guardsOf, type PolicyDocument, reservedOf } from "../policy-text.ts";
import { ENDED, type Reading } from "../readings.ts";
import { closedMs, firstOf, type Intent } from "./intents.ts";

type Finding = readonly [promise: string, text: string, runId: string];

/** A breach that has stood for so long of the calm must have been acted on. */
export const LONG_MS = 5 * 60_000;
/** So near to its end what somebody acknowledged may count as quiet by one clock and not by another. */
const CLOCKS_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The least that can be held against a run: what was true of it some time ago, counted from the latest start. */
export function leastAgainst(
  know: Knowledge,
  run: TrueRun,
  calmFromMs: number,
  nowMs: number,
): Figures | undefined {
  const life = run.lives.at(-1);
  if (life === undefined || life.endStatus !== undefined || life.abortingAtMs !== undefined) return undefined;
  const lastShown = know.readings.of(run.id).findLast(({ sentMs }) => sentMs <= nowMs);
  return lastShown?.status === "RUNNING" ? leastOf(know, run, lastShown, calmFromMs, nowMs) : undefined;
}

/** The same of a run in whichever status it was shown last, as if it were still running. */
function leastOf(
  know: Knowledge,
  run: TrueRun,
  lastShown: Reading,
  calmFromMs: number,
  nowMs: number,
): Figures | undefined {
  const life = run.lives.at(-1);
  const thenMs = nowMs - LONG_MS;
  if (life === undefined || life.startedAtMs > thenMs) return undefined;
  const isFirst = run.lives.length === 1;
  const sinceMs = Math.max(life.startedAtMs, life.readyUntilMs ?? 0, isFirst ? 0 : calmFromMs);
  // What was seen READY counts from when it was last seen so, which may be a little after it stopped being so.
  const runSecs = (thenMs - sinceMs - 60_000) / 1_000;
  const usageTotalUsd = know.history.truth.reportedUsdAt(run.id, thenMs);
  // Counters only grow, and what a life was started with stays: what was told then still holds.
  const told = know.readings
    .upTo(run, lastShown)
    .find((each) => each.detail !== undefined && each.sentMs >= life.startedAtMs && each.sentMs <= thenMs);
  const span = { fromMs: thenMs, toMs: nowMs };
  const { status } = lastShown;
  return { ...leastFigures({ ...told, status }, span), usageTotalUsd, runSecs };
}

/** A run surely burns more than another one where it has grown so many times as fast for minutes. */
const SURELY_MORE = 1.5;

/** The places of the hour that are kept for runs that burn more than any that was stopped in it, unless this one surely does. */
function keptFrom(know: Knowledge, run: TrueRun, hour: readonly Intent[], perHour: number, atMs: number) {
  const { truth } = know.history;
  const [before, now] = [atMs - LONG_MS, atMs].map((ms) => truth.reportedUsdAt(run.id, ms));
  const burn = before === undefined || now === undefined ? 0 : ((now - before) * HOUR_MS) / LONG_MS;
  const isDearest = hour.every(({ entry }) => burn > SURELY_MORE * (entry.burnUsdPerHour ?? 0));
  return burn > 0 && isDearest ? 0 : reservedOf(perHour);
}

/** How many more runs the blast radius surely lets through, this one among them. */
function room(know: Knowledge, document: PolicyDocument, run: TrueRun, atMs: number): number {
  const { perTick, perHour, percentOfLive } = guardsOf(document);
  const hour = know.intents.all.filter(({ entry }) => atMs - Date.parse(entry.at) < HOUR_MS);
  const stopped = new Set(hour.map(({ runId, life }) => `${runId}#${life}`)).size;
  const live = know.history.truth.runs().filter(({ lives }) => lives.at(-1)?.endStatus === undefined);
  const population = new Set([...live.map(({ id }) => id), ...hour.map(({ runId }) => runId)]).size;
  const share = percentOfLive === 0 ? 0 : Math.max(3, Math.ceil((percentOfLive * population) / 100));
  return perTick === 0 ? 0 : Math.min(perHour - keptFrom(know, run, hour, perHour, atMs), share) - stopped;
}

/** What an intent whose run lives on must have come to: a call that was taken and, where grace did not help, force. */
export function* checkPursued(know: Knowledge, calmFromMs: number): Generator<Finding> {
  const nowMs = know.history.nowMs();
  const thenMs = nowMs - LONG_MS;
  const document = know.control.document(know.control.now.policyVersion);
  if (document === undefined || !wasInForce(know, thenMs, nowMs)) return;
  for (const intent of know.intents.all) {
    const run = know.run(intent.runId);
    const life = run?.lives[intent.lifeIndex];
    if (!run || !life || life.endStatus !== undefined || closedMs(intent) !== undefined) continue;
    if (!isCondemnedUnderIntent(know, document, run, calmFromMs, nowMs)) continue;
    const requestedMs = firstOf(intent, "abort.requested");
    const { forceAfterMs } = guardsOf(document);
    if (requestedMs === undefined && Math.max(intent.openedMs, calmFromMs) < thenMs)
      yield ["liveness", `no call of intent ${intent.intentId} was taken for minutes`, run.id];
    const isForceDue = requestedMs !== undefined && Math.max(requestedMs, calmFromMs) < thenMs - forceAfterMs;
    if (isForceDue && firstOf(intent, "abort.forced") === undefined)
      yield ["liveness", `it outlives grace for minutes, and force was never promised`, run.id];
  }
}

/** Has the policy been the one of now all the while, and nothing paused? What else was changed holds up none but those it is about. */
export function wasInForce({ control }: Knowledge, fromMs: number, toMs: number): boolean {
  return control
    .between(fromMs, toMs)
    .every((state) => state.policyVersion === control.now.policyVersion && !isPaused(state, fromMs));
}

/** Has some rule surely condemned it for minutes, and no exemption lifted that meanwhile? */
export function isCondemnedUnderIntent(
  know: Knowledge,
  document: PolicyDocument,
  run: TrueRun,
  calmFromMs: number,
  nowMs: number,
): boolean {
  const thenMs = nowMs - LONG_MS;
  const lastShown = know.readings.of(run.id).findLast(({ sentMs }) => sentMs <= nowMs);
  if (lastShown === undefined || ENDED.includes(lastShown.status)) return false;
  const least = leastOf(know, run, lastShown, calmFromMs, nowMs);
  if (least === undefined) return false;
  const states = know.control.between(thenMs, nowMs);
  const spent = leastHeldAgainst(know, document, run, thenMs, calmFromMs);
  return stopsOf(document, run, { ...least, underIntent: true, spent }).some(
    ({ mode, rule }) =>
      mode === "enforce" &&
      states.every((state) => !isExempt(state, rule.id, run, least.usageTotalUsd, thenMs)),
  );
}

/**
 * Does the last tick say that stops stay held? Where none has reported anything, nobody can tell; nor where somebody had
 * acknowledged it until after that tick.
 */
function callsToHeld({ history, control }: Knowledge, calmFromMs: number): boolean {
  const last = [...history.ticks.values()].findLast(
    ({ how, startedAtMs = 0 }) => how === "done" && startedAtMs > calmFromMs,
  );
  if (last?.attention === undefined || last.startedAtMs === undefined) return true;
  const quietUntilMs = control.now.quieted.held ?? Number.NEGATIVE_INFINITY;
  return (
    quietUntilMs > last.startedAtMs - CLOCKS_MS || last.attention.some((each) => each.startsWith("held:"))
  );
}

/** After a long calm nothing that is clearly condemned may live on untouched. */
export function* checkLiveness(know: Knowledge, calmFromMs: number): Generator<Finding> {
  const nowMs = know.history.nowMs();
  const { now: state } = know.control;
  const document = know.control.document(state.policyVersion);
  const states = know.control.between(nowMs - LONG_MS, nowMs);
  // A pause that has only just ended has held it up, too.
  if (document === undefined || isPaused(state, nowMs - LONG_MS)) return;
  for (const run of know.history.truth.runs()) {
    const figures = leastAgainst(know, run, calmFromMs, nowMs);
    if (figures === undefined || ENDED.includes(figures.status)) continue;
    const life = run.lives.length - 1;
    if (know.intents.openOf(run.id, nowMs).some(({ lifeIndex }) => lifeIndex === life)) continue;
    const spent = leastHeldAgainst(know, document, run, nowMs - LONG_MS, calmFromMs);
    const stop = stopsOf(document, run, { ...figures, spent }).find(
      ({ mode, rule }) =>
        mode === "enforce" &&
        // One that has ended meanwhile has held it up, too.
        states.every((each) => !isExempt(each, rule.id, run, figures.usageTotalUsd, nowMs - LONG_MS)),
    );
    const isFull = stop !== undefined && room(know, document, run, nowMs - LONG_MS) <= 0;
    if (stop && isFull) {
      // Where a stop has become an hour old since, the next tick does this one.
      if (room(know, document, run, nowMs) <= 0 && !callsToHeld(know, calmFromMs))
        yield ["P8", `the stop by rule ${stop.rule.id} stays held, and nobody is called to that`, run.id];
    } else if (stop) {
      const why = `${figures.usageTotalUsd ?? "no"} USD, ${figures.runSecs} s`;
      yield [
        "liveness",
        `rule ${stop.rule.id} has condemned the run for minutes (${why}), yet nothing is done`,
        run.id,
      ];
    }
  }
}
