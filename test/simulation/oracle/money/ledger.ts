import type { TrueRun } from "../../../../emulator/index.ts";
import type { SeenCall, SeenLedger } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import { hides, isListed, listsOf } from "../listed.ts";
import type { Selected } from "../policy-text.ts";
import { ENDED, type Reading } from "../readings.ts";
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

/** Actors as which a run has stood hold its money together: which of them has how much of it depends on when it was seen. */
export function togetherOf(runs: readonly TrueRun[]): (spender: string) => string {
  const chief = new Map<string, string>();
  const chiefOf = (actorId: string): string => {
    const above = chief.get(actorId);
    return above === undefined ? actorId : chiefOf(above);
  };
  for (const { actorId, actorsBefore = [] } of runs as readonly (TrueRun & Partial<Selected>)[]) {
    for (const before of actorsBefore) {
      const [own, other] = [chiefOf(actorId), chiefOf(before.actorId)];
      if (own !== other) chief.set(own, other);
    }
  }
  return (spender) => {
    const [actorId = "", ...rest] = JSON.parse(spender) as readonly string[];
    return JSON.stringify([chiefOf(actorId), ...rest]);
  };
}

/** The cells of days hold all that runs spent: no more, no less, and of each spender. */
export function* checkCells(
  { cells, slots, runs }: SeenLedger,
  all: readonly TrueRun[] = [],
): Generator<readonly [promise: string, text: string]> {
  yield* checkSlots(slots);
  const nameOf = togetherOf(all);
  const sums = (amounts: Iterable<readonly [string, number]>): Map<string, number> => {
    const sum = new Map<string, number>();
    for (const [spender, microUsd] of amounts)
      sum.set(nameOf(spender), (sum.get(nameOf(spender)) ?? 0) + microUsd);
    return sum;
  };
  const spends = sums(cells);
  const recorded = sums(runs.map(({ spender, spentMicroUsd = 0 }) => [spender, spentMicroUsd]));
  for (const spender of new Set([...spends.keys(), ...recorded.keys()])) {
    const [spent = 0, sum = 0] = [spends.get(spender), recorded.get(spender)];
    if (spent !== sum)
      yield ["P7", `the cells of ${spender} hold ${spent} µ$, its recorded runs spent ${sum} µ$`];
  }
}

/** Whoever ended so long ago has come to rest, and ticks in the calm have looked since. */
const AT_REST_MS = 5 * 60_000;

/** Apify's figures come to rest so long after the end. */
const SETTLES_MS = 15_000;

/** Was it garbled in each list that showed it, or hidden by one that something else gave in Apify's place? */
const wasHidden = ({ history }: Knowledge, run: TrueRun): boolean =>
  history.calls.some(
    (call) => history.ticks.has(call.by) && (call.garbled?.includes(run.id) || hides(call, run)),
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

/**
 * What may be written down of what it came to: the last figure that a tick was shown, for another one may come at any time,
 * and is read for no longer than a day; or what somebody was shown since who had the ledger filled. Whoever fills it passes over what is
 * recorded, so that of a run which none but they were shown any of those figures stands. Of one that was deleted nobody is shown
 * another one: what a tick was shown that died before it wrote anything down may be lost.
 */
function figuresOf({ history, readings }: Knowledge, runId: string, isDeleted: boolean): readonly number[] {
  const isFilled = ({ call }: Reading): boolean => call.isHistory === true;
  const fillers = new Set(history.calls.flatMap(({ by, isHistory }) => (isHistory ? [by] : [])));
  const seen = readings.lastToldUsd(runId, (each) => history.ticks.has(each.by) && !isFilled(each));
  const filled = readings.lastToldUsd(runId, ({ by }) => history.ticks.has(by) || fillers.has(by));
  const hasDied = ({ by, call }: Reading): boolean =>
    history.ticks.get(by)?.how === "died" && !readings.writtenBy(call, history.nowMs());
  const outlived = (each: Reading): boolean =>
    history.ticks.has(each.by) && !isFilled(each) && !hasDied(each);
  const kept = isDeleted ? readings.lastToldUsd(runId, outlived) : undefined;
  const all = readings.of(runId).filter((each) => isFilled(each) && seen === undefined);
  return [seen, filled, kept, ...all.map(({ usageTotalUsd }) => usageTotalUsd)].filter(
    (usd) => usd !== undefined,
  );
}

/** After a long calm each run that ended is recorded with what it truly cost. */
export function* checkRecorded(know: Knowledge, calmFromMs: number): Generator<Finding> {
  const { truth, ticks } = know.history;
  const nowMs = know.history.nowMs();
  const firstMs = watchedSince(know.history, (ms) => know.readings.isForgotten(ms));
  const recorded = new Map(know.history.ledger().runs.map((run) => [run.runId, run]));
  const deleted = new Set(
    know.history.calls.flatMap(({ kind, runId }) => (kind === "delete" ? [runId] : [])),
  );
  const fillers = new Set(know.history.calls.flatMap(({ by, isHistory }) => (isHistory ? [by] : [])));
  // Two filled at once, and one of them found alive what had been over for the other, who came to the end.
  const isBesidesFilling = ({ kind, by }: SeenCall, status: string): boolean =>
    kind === "get" && fillers.size > 1 && fillers.has(by) && !ENDED.includes(status);
  for (const run of truth.runs()) {
    const life = run.lives.at(-1);
    const endedAtMs = life?.endedAtMs;
    if (life === undefined || endedAtMs === undefined || !ENDED.includes(life.endStatus ?? "")) continue;
    // What had ended before anybody looked, or ends as the world does, is not meant.
    const isMeant = endedAtMs > firstMs && endedAtMs < nowMs - AT_REST_MS && calmFromMs < nowMs - AT_REST_MS;
    if (!isMeant) continue;
    const found = recorded.get(run.id);
    const isNoted = ({ call, by, asOfMs, status }: Reading): boolean =>
      ticks.has(by) &&
      !know.readings.isForgotten(asOfMs) &&
      call.deliveredAtMs !== undefined &&
      call.isOfTypical === undefined &&
      // Whoever saw a later life and died before anything was written down of it is as if they had not.
      (asOfMs < life.startedAtMs ||
        run.lives.length === 1 ||
        (found?.life ?? 0) >= run.lives.length - 1 ||
        (know.readings.writtenBy(call, nowMs) && !isBesidesFilling(call, status)));
    // Of a run that was deleted nobody was told what it came to.
    const last = know.readings.of(run.id).findLast(isNoted);
    if (last === undefined && wasHidden(know, run)) continue;
    if (last === undefined && (!mayBeListed(know, run, endedAtMs) || wasDeletedUnseen(know, run))) continue;
    // A later life may pass between two looks: no list is by when a run was resurrected.
    if (run.lives.length > 1 && (last?.asOfMs ?? 0) < life.startedAtMs) continue;
    if (last && (!ENDED.includes(last.status) || last.asOfMs < endedAtMs + SETTLES_MS)) {
      if (!deleted.has(run.id))
        yield [
          "P7",
          `it ended for good, and nobody asked ${SETTLES_MS / 1_000} s later what it came to`,
          run.id,
        ];
      continue;
    }
    const figures = figuresOf(know, run.id, deleted.has(run.id));
    if (found === undefined) yield ["P7", "it lived and died, and the ledger does not know it", run.id];
    else if (figures.length > 0 && !figures.some((usd) => micro(usd) === found.spentMicroUsd)) {
      const cost = figures.map(micro).join(" or ");
      yield ["P7", `the ledger has ${found.spentMicroUsd} µ$ of it, it cost ${cost} µ$`, run.id];
    }
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
