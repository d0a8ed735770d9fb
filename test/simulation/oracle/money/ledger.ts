import type { TrueRun } from "../../../../emulator/index.ts";
import type { SeenCall, SeenLedger } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import { isListed, listsOf } from "../listed.ts";
import { ENDED } from "../readings.ts";
import { watchedSince } from "./watched-since.ts";

type Finding = readonly [promise: string, text: string, runId: string];

const micro = (usd: number): number => Math.round(usd * 1_000_000);

/** A day holds what its hours hold, and what was spread over days alone. Nobody is charged less than nothing. */
function* checkSlots(slots: SeenLedger["slots"]): Generator<readonly [promise: string, text: string]> {
  const inHours = new Map<string, number>();
  for (const [slot, spenders] of slots) {
    const day = slot.slice(0, "2026-09-01".length);
    for (const [spender, microUsd] of spenders) {
      if (microUsd < 0) yield ["P7", `the cell of ${spender} holds ${microUsd} µ$ in ${slot}`];
      const key = `${day} ${spender}`;
      if (slot !== day) inHours.set(key, (inHours.get(key) ?? 0) + microUsd);
    }
  }
  for (const [key, microUsd] of inHours) {
    const [day = "", spender = ""] = [key.slice(0, 10), key.slice(11)];
    const ofDay = slots.get(day)?.get(spender) ?? 0;
    if (ofDay < microUsd)
      yield ["P7", `the day ${day} holds ${ofDay} µ$ of ${spender}, its hours ${microUsd} µ$`];
  }
}

/** The cells of days hold all that runs spent: no more, no less, and of each spender. */
export function* checkCells({
  cells,
  slots,
  runs,
}: SeenLedger): Generator<readonly [promise: string, text: string]> {
  yield* checkSlots(slots);
  const recorded = new Map<string, number>();
  for (const { spender, spentMicroUsd = 0 } of runs)
    recorded.set(spender, (recorded.get(spender) ?? 0) + spentMicroUsd);
  for (const spender of new Set([...cells.keys(), ...recorded.keys()])) {
    const [spent = 0, sum = 0] = [cells.get(spender), recorded.get(spender)];
    if (spent !== sum)
      yield ["P7", `the cells of ${spender} hold ${spent} µ$, its recorded runs spent ${sum} µ$`];
  }
}

/** Whoever ended so long ago has come to rest, and ticks in the calm have looked since. */
const AT_REST_MS = 5 * 60_000;

/** Apify's figures come to rest so long after the end. */
const SETTLES_MS = 15_000;

/** What started so long before a list is not asked for again after it. */
const LISTED_AGAIN_MS = 2 * 60_000;

/** A well-formed list that something else gave in Apify's place said that there was nothing: whoever asks believes it. */
const wasHidden = ({ history }: Knowledge, { id, lives }: TrueRun): boolean =>
  history.calls.some(
    ({ kind, status, neverArrived, shown, atMs, garbled }) =>
      garbled?.includes(id) ||
      (kind === "list" &&
        status === 200 &&
        neverArrived === true &&
        shown !== undefined &&
        atMs > (lives[0]?.startedAtMs ?? 0) + LISTED_AGAIN_MS),
  );

const mayBeListed = (know: Knowledge, run: TrueRun, endedAtMs: number): boolean =>
  isListed(
    know,
    run,
    listsOf(know, ({ atMs }) => atMs < endedAtMs),
  );

/** Was it deleted before anybody had a list since its start? */
function wasDeletedUnseen(know: Knowledge, { id, lives }: TrueRun): boolean {
  const { calls } = know.history;
  const deletedMs = calls.find(
    ({ kind, runId, status }) => kind === "delete" && runId === id && status !== 404,
  )?.atMs;
  const startedMs = lives[0]?.startedAtMs ?? 0;
  if (deletedMs === undefined) return false;
  const isHad = ({ shown, deliveredAtMs, atMs }: SeenCall): boolean =>
    shown !== undefined && deliveredAtMs !== undefined && atMs > startedMs && atMs < deletedMs;
  return listsOf(know, isHad).length === 0;
}

/** After a long calm each run that ended is recorded with what it truly cost. */
export function* checkRecorded(know: Knowledge, calmFromMs: number): Generator<Finding> {
  const { truth, ticks } = know.history;
  const nowMs = know.history.nowMs();
  const firstMs = watchedSince(know.history, (ms) => know.readings.isForgotten(ms));
  const recorded = new Map(know.history.ledger().runs.map((run) => [run.runId, run]));
  const fillers = new Set(know.history.calls.flatMap(({ by, isHistory }) => (isHistory ? [by] : [])));
  for (const run of truth.runs()) {
    const life = run.lives.at(-1);
    const endedAtMs = life?.endedAtMs;
    if (life === undefined || endedAtMs === undefined || !ENDED.includes(life.endStatus ?? "")) continue;
    // What had ended before anybody looked, or ends as the world does, is not meant.
    const isMeant = endedAtMs > firstMs && endedAtMs < nowMs - AT_REST_MS && calmFromMs < nowMs - AT_REST_MS;
    if (!isMeant) continue;
    // Of a run that was deleted nobody was told what it came to.
    const last = know.readings
      .of(run.id)
      .findLast(({ by, asOfMs }) => ticks.has(by) && !know.readings.isForgotten(asOfMs));
    if (last === undefined && wasHidden(know, run)) continue;
    if (last === undefined && (!mayBeListed(know, run, endedAtMs) || wasDeletedUnseen(know, run))) continue;
    // A later life may pass between two looks: no list is by when a run was resurrected.
    if (last === undefined && run.lives.length > 1) continue;
    if (last && (!ENDED.includes(last.status) || last.asOfMs < endedAtMs + SETTLES_MS)) continue;
    // The last figure that a tick was shown: another one may come at any time, and is read for no longer than a day. A
    // person who has the ledger filled may have written down what he was shown.
    const usd = know.readings.lastToldUsd(run.id, (by) => ticks.has(by));
    const filled = know.readings.lastToldUsd(run.id, (by) => ticks.has(by) || fillers.has(by));
    const found = recorded.get(run.id);
    if (found === undefined) yield ["P7", "it lived and died, and the ledger does not know it", run.id];
    else if (usd !== undefined && ![usd, filled ?? usd].some((each) => micro(each) === found.spentMicroUsd))
      yield ["P7", `the ledger has ${found.spentMicroUsd} µ$ of it, it cost ${micro(usd)} µ$`, run.id];
  }
}

/**
 * What is remembered of a live run stands on what is recorded of it: together they are its cost as it was told last. Asked
 * of those that both know alike; where somebody recorded a run and could not say so, the next one counts anew.
 */
export function* checkUnrecorded({ runs, live }: SeenLedger): Generator<Finding> {
  const recorded = new Map(runs.map((run) => [run.runId, run]));
  for (const { runId, knownMicroUsd, unrecordedMicroUsd, version } of live) {
    const { spentMicroUsd = 0, version: stands = 0 } = recorded.get(runId) ?? {};
    if (version === stands && spentMicroUsd + unrecordedMicroUsd !== knownMicroUsd)
      yield [
        "P7",
        `${spentMicroUsd} µ$ are recorded and ${unrecordedMicroUsd} µ$ are not, of ${knownMicroUsd} µ$`,
        runId,
      ];
  }
}
