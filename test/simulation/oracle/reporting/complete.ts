import type { SeenTick } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import { couldKnow, LAG_MS } from "../listed.ts";
import { closedMs, firstOf } from "../stops/intents.ts";

type Finding = readonly [promise: string, text: string, whose: string];

/** A tick that says that it was complete saw all that lived, and left no stop that Apify has not taken. */
export function* checkComplete(know: Knowledge): Generator<Finding> {
  for (const tick of know.history.ticks.values()) {
    if (!tick.isComplete || tick.startedAtMs === undefined || tick.endedAtMs === undefined) continue;
    yield* checkTaken(know, tick, tick.startedAtMs, tick.endedAtMs);
    yield* checkSeen(know, tick, tick.startedAtMs, tick.endedAtMs);
  }
}

function* checkTaken(
  { intents }: Knowledge,
  { by }: SeenTick,
  startedMs: number,
  endedMs: number,
): Generator<Finding> {
  for (const intent of intents.all) {
    const wasOpen = intent.openedMs < startedMs && (closedMs(intent) ?? Number.POSITIVE_INFINITY) > endedMs;
    const isTaken = (firstOf(intent, "abort.requested") ?? Number.POSITIVE_INFINITY) <= endedMs;
    if (wasOpen && !isTaken)
      yield ["P8", `it says it was complete, and left intent ${intent.intentId} whose call nobody took`, by];
  }
}

function* checkSeen(
  know: Knowledge,
  { by }: SeenTick,
  startedMs: number,
  endedMs: number,
): Generator<Finding> {
  const { history, readings } = know;
  const deleted = new Set(history.calls.flatMap((call) => (call.kind === "delete" ? [call.runId] : [])));
  // What fails for one run is that one's failure, and so is what is garbled of it.
  const failed = new Set(
    history.calls.flatMap((call) =>
      call.by === by
        ? [...(call.garbled ?? []), ...(call.kind === "get" && !call.shown ? [call.runId] : [])]
        : [],
    ),
  );
  const hasFailed = (id: string): boolean => failed.has(id) || history.hasAskedFor?.(by, id) === true;
  for (const run of history.truth.runs()) {
    const { id, lives } = run;
    const index = lives.findLastIndex((each) => each.startedAtMs < startedMs - LAG_MS);
    const livedOn = index >= 0 && (lives[index]?.endedAtMs ?? Number.POSITIVE_INFINITY) > endedMs;
    if (!livedOn || deleted.has(id) || hasFailed(id) || readings.of(id).some((each) => each.by === by))
      continue;
    if (couldKnow(know, run, index, by))
      yield ["P8", `it says it was complete, and was never shown run ${id}, which lived all the while`, by];
  }
}
