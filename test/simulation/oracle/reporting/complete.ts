import type { SeenTick } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import { closedMs, firstOf } from "../stops/intents.ts";

type Finding = readonly [promise: string, text: string, whose: string];

/** A list may lag by so long. */
const LAG_MS = 2 * 60_000;

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
  { history, readings }: Knowledge,
  { by }: SeenTick,
  startedMs: number,
  endedMs: number,
): Generator<Finding> {
  const lied = history.calls.some((call) => call.by === by && call.kind === "list" && call.neverArrived);
  const deleted = new Set(history.calls.flatMap((call) => (call.kind === "delete" ? [call.runId] : [])));
  if (lied) return;
  // What fails for one run is that one's failure, and so is what is garbled of it.
  const failed = new Set(
    history.calls.flatMap((call) =>
      call.by === by
        ? [...(call.garbled ?? []), ...(call.kind === "get" && !call.shown ? [call.runId] : [])]
        : [],
    ),
  );
  for (const { id, lives } of history.truth.runs()) {
    const life = lives.findLast((each) => each.startedAtMs < startedMs - LAG_MS);
    const livedOn = life && (life.endedAtMs ?? Number.POSITIVE_INFINITY) > endedMs;
    if (!livedOn || deleted.has(id) || failed.has(id) || readings.of(id).some((each) => each.by === by))
      continue;
    yield ["P8", `it says it was complete, and was never shown run ${id}, which lived all the while`, by];
  }
}
