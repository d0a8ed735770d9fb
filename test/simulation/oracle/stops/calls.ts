import type { TrueRun } from "../../../../emulator/index.ts";
import { type ControlAt, isExempt, isPaused } from "../control-plane.ts";
import type { EntryFields } from "../entry-text.ts";
import { type Figures, type Stop, stopsOf } from "../figures/judge.ts";
import { mostFigures } from "../figures/most.ts";
import type { SeenCall } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import { mostHeldAgainst } from "../money/budgets.ts";
import { guardsOf } from "../policy-text.ts";
import { ENDED, isCountUntold, lifeIndexAt, lifeShown, type Reading, WRONG_MS } from "../readings.ts";
import { firstOf, type Intent, isByHand, isLifeOf } from "./intents.ts";

const FRESH_MS = 5_000;

type Finding = readonly [promise: string, text: string];

/** What is wrong with one abort call of the watchdog's, judged the moment it reaches Apify. */
export function* checkCall(know: Knowledge, call: SeenCall): Generator<Finding> {
  const run = know.run(call.runId);
  if (run === undefined) return yield ["P1", `an abort call for run ${call.runId}, which does not exist`];
  const reading = know.readings.latest(call.by, run.id, call.leftAtMs - FRESH_MS, call.leftAtMs);
  if (reading === undefined) {
    return yield ["P1", "the abort call rests on no reading: its sender was told nothing of the run for 5 s"];
  }
  const { datedAheadMs = 0 } = reading.call;
  const aheadMs = know.clockOf(call.by, call.leftAtMs) - call.leftAtMs - datedAheadMs;
  if (Math.abs(aheadMs) > WRONG_MS)
    yield ["P1", `the abort call left by a clock that is ${aheadMs / 1_000} s ahead of Apify's`];
  if (ENDED.includes(reading.status)) {
    yield ["P1", `the abort call went to a run that was just shown ${reading.status}`];
  }
  const open = know.intents.openOf(run.id, call.leftAtMs - 1);
  const intent = open.find((each) => isLifeOf(each, run, reading) || isLifeUntold(know, each, reading));
  if (intent === undefined) {
    const life = lifeShown(run, reading);
    const text = `the abort call left without an open abort.intended of life ${life} in the audit`;
    return yield ["P2", text];
  }
  yield* checkCondemned(know, call, run, reading, intent);
  yield* checkOnce(know, call, run, lifeIndexAt(run, reading.asOfMs), reading, intent);
  if (call.gracefully === false) yield* checkForced(know, call, intent);
  const withdrawn = intent.after.find(({ entry }) => entry.kind === "abort.withdrawn");
  if (withdrawn && call.effect !== "none") {
    yield ["P2", `the call took effect although its intent was withdrawn meanwhile by ${withdrawn.by}`];
  }
}

/** Where no answer counts lives, and no look since the promise showed an end, nobody can know that it is another one. */
const isLifeUntold = (
  { readings, history }: Knowledge,
  { runId, openedMs }: Intent,
  reading: Reading,
): boolean =>
  isCountUntold(reading) &&
  !readings
    .of(runId)
    .some(({ by, status, asOfMs }) => history.ticks.has(by) && ENDED.includes(status) && asOfMs > openedMs);

const within = (stop: Stop, state: ControlAt, run: TrueRun, { usageTotalUsd }: Figures, nowMs: number) =>
  stop.mode === "enforce" &&
  !isPaused(state, nowMs) &&
  !isExempt(state, stop.rule.id, run, usageTotalUsd, nowMs);

/** What an operator orders no rule need condemn; a pause and an exemption hold all the same. */
const BY_HAND: Stop = { rule: { id: "by hand", steps: [] }, do: "abort", mode: "enforce" };

/**
 * Does what was in force condemn the run on that reading? What is in force is asked for last: a change that was committed
 * once the reading was there may not have been seen; but whoever wrote an entry about the run on condition of the control
 * state has seen all before that.
 */
function* checkCondemned(
  know: Knowledge,
  call: SeenCall,
  run: TrueRun,
  reading: Reading,
  intent: Intent,
): Generator<Finding> {
  const { leftAtMs, by } = call;
  const wroteMs = [{ commitMs: intent.openedMs, by: intent.by }, ...intent.after]
    .filter((each) => each.by === by && each.commitMs <= leftAtMs)
    .reduce(
      (last, { commitMs }) => Math.max(last, commitMs),
      reading.call.deliveredAtMs ?? leftAtMs - FRESH_MS,
    );
  const nowMs = know.clockOf(by, leftAtMs);
  const figures = mostFigures(know.readings, run, reading, nowMs, true);
  const states = know.control.between(wroteMs, leftAtMs);
  const stops = states.map((state) => {
    if (isByHand(intent.entry)) return { state, stops: [BY_HAND] };
    const document = know.control.document(state.policyVersion);
    if (document === undefined) return { state, stops: [] };
    const spent = mostHeldAgainst(know, document, run, call, leftAtMs);
    return { state, stops: stopsOf(document, run, { ...figures, spent }) };
  });
  if (stops.some(({ state, stops }) => stops.some((stop) => within(stop, state, run, figures, nowMs))))
    return;
  const shown = `${reading.status}, ${figures.usageTotalUsd ?? "no"} USD, ${figures.runSecs} s`;
  const [first] = stops;
  if (first === undefined || first.stops.every(({ mode }) => mode === "observe")) {
    yield ["P1", `no rule in force condemns the run on what its caller was shown (${shown})`];
  } else if (isPaused(first.state, nowMs)) yield ["P6", "the abort call left while paused"];
  else yield ["P6", `the abort call left although an exemption covers the run (${shown})`];
}

/** What is written of a call whose answer was lost, that was turned away or that may not be made yet says nothing of another. */
const NO_ANSWER = /^(lost|not taken): |^40[13] /;

const saysForceAnswered = ({ kind, gracefully, response = "" }: EntryFields): boolean =>
  gracefully === false &&
  (kind === "abort.requested" || (kind === "abort.failed" && !NO_ANSWER.test(response)));

/** Nobody calls again without knowing what became of the call before. */
function* checkOnce(
  know: Knowledge,
  call: SeenCall,
  run: TrueRun,
  life: number,
  reading: Reading,
  intent: Intent,
): Generator<Finding> {
  // What an answer said is known to later ticks by its entry alone.
  const isWritten = intent.after.some(({ entry }) => saysForceAnswered(entry));
  const earlier = know
    .abortsOf(run.id)
    .filter(
      (each) => each !== call && each.leftAtMs < call.leftAtMs && lifeIndexAt(run, each.leftAtMs) === life,
    );
  for (const other of earlier) {
    const overMs = other.overAtMs ?? Number.POSITIVE_INFINITY;
    if (overMs > call.leftAtMs)
      yield ["P3", `two abort calls at once: ${other.by} has not had its answer yet`];
    else if (other.by === call.by && reading.sentMs < overMs) {
      yield ["P3", "a second abort call without a look at the run after the first"];
    }
    const taken = other.shown !== undefined && (other.deliveredAtMs ?? Infinity) <= call.leftAtMs;
    if (taken && other.gracefully === true && call.gracefully === true) {
      yield ["P3", `a graceful call after one of ${other.by} that the API had taken`];
    }
    // 429, 404, 403 and 401 say that the call was not carried out; an answer that nobody can read says nothing, and the look
    // after it does. Whose answer reached nobody, or was not written down for others, may not have been sent.
    const isKnown = isWritten || other.by === call.by;
    const wasAnswered = isKnown && taken;
    const hadNoEffect = !wasAnswered || [401, 403, 404, 429].includes(Number(other.status));
    if (other.gracefully === false && call.gracefully === false && !hadNoEffect) {
      yield ["P3", "a second call without grace in one life of the run"];
    }
  }
  if (call.gracefully === true && reading.status !== "READY" && reading.status !== "RUNNING") {
    yield ["P3", `a graceful call to a run that its caller was shown ${reading.status}`];
  }
}

/** Force is promised first, and comes after grace unless the rule itself asks for it. */
function* checkForced(know: Knowledge, call: SeenCall, intent: Intent): Generator<Finding> {
  const promisedMs = firstOf(intent, "abort.forced");
  if (promisedMs === undefined || promisedMs >= call.leftAtMs) {
    return yield ["P2", "a call without grace that no abort.forced in the audit precedes"];
  }
  if (intent.entry.step?.do === "abort-now") return;
  const life = know.run(call.runId)?.lives[intent.lifeIndex];
  const askedMs = Math.min(
    life?.abortingAtMs ?? Number.POSITIVE_INFINITY,
    ...know
      .abortsOf(intent.runId)
      .filter((each) => each.gracefully)
      .map((each) => each.leftAtMs),
  );
  const document = know.control.document(know.control.between(promisedMs, promisedMs)[0]?.policyVersion);
  const graceMs = document ? guardsOf(document).forceAfterMs : 0;
  // Who waits knows the time no worse than by his own clock, and so did who wrote down since when; a wrong one dates nothing.
  const aheadOf = ({ by, commitMs }: { by: string; commitMs: number }) => {
    const aheadMs = know.clockOf(by, commitMs) - commitMs;
    return Math.max(-WRONG_MS, Math.min(WRONG_MS, aheadMs));
  };
  const [asked, promised] = ["abort.requested", "abort.forced"].map((kind) =>
    intent.after.find(({ entry }) => entry.kind === kind),
  );
  const earlyMs = Math.max(0, promised ? aheadOf(promised) : 0) - Math.min(0, asked ? aheadOf(asked) : 0);
  if (promisedMs + earlyMs < askedMs + graceMs) {
    const text = `force was promised ${(promisedMs - askedMs) / 1_000} s after the run was asked to end, before forceAfter`;
    yield ["P3", text];
  }
}
