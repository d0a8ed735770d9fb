import type { EntryFields } from "../entry-text.ts";
import type { SeenCall, SeenEntry } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import { lifeIndexAt } from "../readings.ts";
import { closedMs, isLifeOf } from "./intents.ts";

type Finding = readonly [promise: string, text: string];

const FRESH_MS = 5_000;
const MOST_UNDOS = 3;
/** Five seconds from the look to the promise not to stop the run, and twelve from that to the call. */
const SEEN_MS = 17_000;

/** The intent whose undo protected a run last before a call left, or a few seconds before that. */
const undoneThen = ({ control }: Knowledge, { runId, leftAtMs }: SeenCall): string | undefined =>
  control
    .between(leftAtMs - FRESH_MS, leftAtMs)
    .flatMap(({ exemptions }) => exemptions)
    .findLast(({ subject, undoOf }) => subject.kind === "run" && subject.id === runId && undoOf)?.undoOf;

/** What is wrong with one resurrect call of an operator's, judged the moment it reaches Apify. */
export function* checkResurrect(know: Knowledge, call: SeenCall): Generator<Finding> {
  const { by, leftAtMs, runId = "" } = call;
  if (know.history.ticks.has(by)) return yield ["P2", "a tick resurrected a run"];
  const intentId = undoneThen(know, call) ?? "";
  const intent = know.intents.get(intentId);
  if (intent === undefined)
    return yield ["P2", "the run was resurrected without a durable exemption of its undo"];
  const run = know.run(runId);
  const reading = know.readings.latest(by, runId, 0, leftAtMs);
  const shown = reading?.status;
  if (shown !== "ABORTED") yield ["P1", `its sender was shown the run ${shown ?? "never"}, not ABORTED`];
  // Apify takes no condition with a call: what comes between the look and the call nobody can know.
  if (run && reading && call.effect === "resurrected" && !isLifeOf(intent, run, reading))
    yield ["P3", `it gave another life than the one after life ${intent.life}, whose stop it undoes`];
  if (reading && leftAtMs - reading.sentMs > SEEN_MS)
    yield ["P3", `its sender was shown the run ${(leftAtMs - reading.sentMs) / 1_000} s before`];
  const closed = closedMs(intent);
  if (closed === undefined || closed > leftAtMs) yield ["P2", `the intent ${intentId} was not closed yet`];
  if (call.effect !== "resurrected") return;
  const others = know.resurrects.filter(
    (each) =>
      each !== call && each.runId === runId && each.effect === "resurrected" && each.intentId === intentId,
  );
  if (others.length > 0) yield ["P3", `the stop ${intentId} was undone by ${others.length + 1} calls`];
}

/** What an undo's entry says must have come true. Called before the entry is taken in. */
export function* checkUndone(
  know: Knowledge,
  { commitMs }: SeenEntry,
  entry: EntryFields,
): Generator<Finding> {
  if (entry.kind !== "run.undone") return;
  const { intentId = "", runId = "" } = entry;
  const intent = know.intents.get(intentId);
  if (intent === undefined) return yield ["P2", "it undoes an intent that is not in the audit"];
  if (!intent.after.some((each) => each.entry.kind === "abort.confirmed")) {
    yield ["P2", `it undoes ${intentId}, which was not confirmed`];
  }
  const undone = know.intents.all.filter(
    (each) => each.runId === runId && each.after.some(({ entry: { kind } }) => kind === "run.undone"),
  );
  if (undone.includes(intent)) yield ["P3", `${intentId} is undone a second time`];
  if (undone.length >= MOST_UNDOS) yield ["P3", `the run was undone ${undone.length} times before`];
  const run = know.run(runId);
  if (run && lifeIndexAt(run, commitMs) <= intent.lifeIndex)
    yield ["P9", "it says that the run lives again, and it does not"];
}

/** The call with what it undoes, to be counted. */
export const undoneBy = (know: Knowledge, call: SeenCall): SeenCall & { readonly intentId?: string } => {
  const intentId = undoneThen(know, call);
  return { ...call, ...(intentId !== undefined && { intentId }) };
};
