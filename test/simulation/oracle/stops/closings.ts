import type { TrueRun } from "../../../../emulator/index.ts";
import { isExempt, isPaused } from "../control-plane.ts";
import type { EntryFields } from "../entry-text.ts";
import { stopsOf } from "../figures/judge.ts";
import { leastFigures } from "../figures/least.ts";
import type { SeenEntry } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import { guardsOf } from "../policy-text.ts";
import { lifeIndexAt } from "../readings.ts";
import { CLOSING, closedMs, type Intent } from "./intents.ts";

type Finding = readonly [promise: string, text: string];

/** For so long before its withdrawal is committed may an exemption have passed that was still in force when judged. */
const PASSED_MS = 60_000;

/** An intent is alone in its life while it is open, and is closed once, by what is true. Called before it is taken in. */
export function* checkIntentEntry(know: Knowledge, seen: SeenEntry, entry: EntryFields): Generator<Finding> {
  const { kind, subject } = entry;
  const { runId = "", life = -1 } = subject;
  if (kind === "abort.intended") {
    for (const open of know.intents.openOf(runId, seen.commitMs)) {
      if (open.life !== life) continue;
      yield ["P3", `a second open intent of life ${life}: ${open.intentId} is open, too`];
    }
    const { policyVersion: inForce, pointsTo } = know.control.now;
    if (entry.policyVersion !== inForce && (pointsTo === undefined || entry.policyVersion !== pointsTo)) {
      yield ["P1", `the intent rests on policy ${entry.policyVersion} while ${inForce} is in force`];
    }
  }
  if (
    kind === "abort.forced" &&
    know.intents.get(entry.intentId ?? "")?.after.some((e) => e.entry.kind === kind)
  ) {
    yield ["P3", "force is promised twice for one intent"];
  }
  if (!CLOSING.includes(kind)) return;
  const intent = know.intents.get(entry.intentId ?? "");
  if (intent === undefined) return yield ["P2", "it closes an intent that is not in the audit"];
  if (closedMs(intent) !== undefined)
    return yield ["P2", `a second closing entry: ${intent.intentId} was closed`];
  yield* checkAgainstTruth(know, seen, entry, intent);
}

function* checkAgainstTruth(
  know: Knowledge,
  seen: SeenEntry,
  { kind, subject }: EntryFields,
  { life: number, lifeIndex, openedMs }: Intent,
): Generator<Finding> {
  const run = know.run(subject.runId);
  const life = run?.lives[lifeIndex];
  const ended = life?.endStatus ?? "not ended";
  if (kind === "abort.confirmed" && ended !== "ABORTED") {
    yield ["P2", `closed as confirmed, but life ${lifeIndex} of the run has ${ended}`];
  }
  const isGone = know.history.calls.some((call) => call.kind === "delete" && call.runId === subject.runId);
  // Also where its number is behind, and then is told.
  const livesAgain = (run?.lives.length ?? 0) > number + 1;
  if (kind === "abort.moot" && !isGone && !livesAgain && (ended === "ABORTED" || ended === "not ended")) {
    yield ["P2", `closed as moot, but life ${lifeIndex} of the run has ${ended}`];
  }
  if (kind !== "abort.withdrawn" || run === undefined) return;
  yield* checkForbidden(know, seen, run);
  for (const call of know.abortsOf(run.id)) {
    if (call.leftAtMs < openedMs || lifeIndexAt(run, call.atMs) !== lifeIndex) continue;
    if (call.effect !== "none")
      yield ["P2", `withdrawn although a call of ${call.by} had its effect (${call.effect})`];
    else if (call.shown !== undefined && call.deliveredAtMs !== undefined) {
      yield ["P2", `withdrawn although Apify had taken a call of ${call.by}`];
    }
  }
}

/**
 * A promise is taken back only when it is forbidden to keep it. Asked of what one answer tells by itself, such as cost,
 * and of rules that hang on no name, which may not have been resolved.
 */
function* checkForbidden(know: Knowledge, seen: SeenEntry, run: TrueRun): Generator<Finding> {
  const { by } = seen;
  const commitMs = know.clockOf(by, seen.commitMs);
  const { now: state } = know.control;
  const document = know.control.document(state.policyVersion);
  const reading = know.readings.latest(by, run.id, 0, seen.commitMs);
  if (document === undefined || reading === undefined || isPaused(state, commitMs)) return;
  const { usageTotalUsd, saidMs } = reading;
  const known = leastFigures(reading, { fromMs: saidMs, toMs: commitMs });
  const condemns = stopsOf(document, run, { ...known, underIntent: true }).find(
    ({ rule, mode }) =>
      mode === "enforce" &&
      rule.for?.actors === undefined &&
      rule.for?.except?.actors === undefined &&
      !isExempt(state, rule.id, run, usageTotalUsd, commitMs - PASSED_MS),
  );
  if (condemns)
    yield ["P2", `withdrawn although rule ${condemns.rule.id} still condemns it at ${usageTotalUsd} USD`];
}

/** Enough ticks for one that is not disturbed to see an end, wait for the figures to rest, and close. */
const SOON_MS = 5 * 60_000;

/** What an intent must have come to once all has been calm for long. */
export function* checkAtRest(know: Knowledge): Generator<readonly [...Finding, runId: string]> {
  const nowMs = know.history.nowMs();
  for (const intent of know.intents.all) {
    const { runId, lifeIndex, after, intentId, openedMs } = intent;
    if (closedMs(intent) !== undefined) continue;
    const life = know.run(runId)?.lives[lifeIndex];
    const policy = know.control.document(know.control.now.policyVersion);
    const alarmAfterMs = policy ? guardsOf(policy).alarmAfterMs : 0;
    if (life?.endedAtMs !== undefined) {
      const sinceMs = Math.max(openedMs, life.endedAtMs);
      const text = `the intent ${intentId} is still open, long after the run ended ${life.endStatus}`;
      if (nowMs - sinceMs > SOON_MS) yield ["P2", text, runId];
      continue;
    }
    const alarms = after.filter(({ entry }) => entry.kind === "abort.unconfirmed").length;
    if (alarms > 1 || (alarms === 0 && nowMs - openedMs > alarmAfterMs + SOON_MS)) {
      yield [
        "P2",
        `the intent ${intentId} of a run that lives on has ${alarms} abort.unconfirmed, not one`,
        runId,
      ];
    }
  }
}
