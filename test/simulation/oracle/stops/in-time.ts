import type { Knowledge } from "../knowledge.ts";
import { guardsOf, type PolicyDocument } from "../policy-text.ts";
import { closedMs, firstOf } from "./intents.ts";
import { isCondemnedUnderIntent, wasInForce } from "./liveness.ts";

type Finding = readonly [promise: string, text: string, whose: string];

/** In the calm there is a look each minute. */
const LOOK_MS = 60_000;
/** What a tick that died has claimed is free after a tick's longest time, and ten seconds for a call on its way. */
const CLAIMED_MS = 70_000;
/** Clocks that are not wrong are at most so far from each other. */
const CLOCKS_MS = 16_000;

/**
 * How long after the last fault a run that is condemned has ended, at most: what was claimed by the dead is free again, a
 * look promises and asks for its end, grace passes, and another look asks without it. Each look ends no more than `perTick`
 * runs; those that wait before it take a look each.
 */
export function endsWithinMs(document: PolicyDocument, waiting: number): number {
  const { forceAfterMs, perTick } = guardsOf(document);
  const looks = Math.ceil(waiting / Math.max(1, perTick)) + 2;
  return CLAIMED_MS + looks * LOOK_MS + forceAfterMs + CLOCKS_MS;
}

/** Where a promise to end a condemned run stands for so long in the calm, Apify was asked for it without grace, and agreed. */
export function* checkEnded(know: Knowledge, calmFromMs: number): Generator<Finding> {
  const nowMs = know.history.nowMs();
  const document = know.control.document(know.control.now.policyVersion);
  if (document === undefined) return;
  const open = know.intents.all.filter((intent) => closedMs(intent) === undefined);
  const withinMs = endsWithinMs(document, open.length);
  for (const { runId, lifeIndex, openedMs } of open) {
    const run = know.run(runId);
    const life = run?.lives[lifeIndex];
    if (run === undefined || life === undefined || life.endStatus !== undefined) continue;
    if (nowMs - Math.max(openedMs, calmFromMs) < withinMs) continue;
    if (!wasInForce(know, nowMs - withinMs, nowMs)) continue;
    if (!isCondemnedUnderIntent(know, document, run, calmFromMs, nowMs)) continue;
    const wasForced = know
      .abortsOf(runId)
      .some(({ gracefully, status, leftAtMs }) => !gracefully && status === 200 && leftAtMs >= openedMs);
    const text = `it lives ${withinMs / 1_000} s into the calm, and Apify has not taken any call without grace`;
    if (!wasForced) yield ["liveness", text, runId];
  }
}

/** The last looks of a calm are complete, unless one leaves a call that nobody may make: an alarm must not ring for ever. */
export function* checkCompleteAgain({ history, intents }: Knowledge, calmFromMs: number): Generator<Finding> {
  const calm = [...history.ticks.values()].filter(
    ({ startedAtMs = 0, how }) => startedAtMs > calmFromMs && how === "done",
  );
  const [last] = calm.slice(-1);
  const isUntaken = intents.all.some(
    (intent) => closedMs(intent) === undefined && firstOf(intent, "abort.requested") === undefined,
  );
  if (calm.length > 3 && last?.isComplete === false && !isUntaken)
    yield ["P8", "all has been calm for long, and it still says it was not complete", last.by];
}
