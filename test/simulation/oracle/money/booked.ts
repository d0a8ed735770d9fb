import type { TrueRun } from "../../../../emulator/index.ts";
import type { SeenLedger } from "../history.ts";
import { togetherOf } from "./ledger.ts";

type Finding = readonly [promise: string, text: string];
type BySlot = Readonly<Record<string, number>>;
type SeenRun = SeenLedger["runs"][number];

const DAY_LENGTH = "2026-09-01".length;
const HOUR_MS = 3_600_000;

const isDay = (slot: string): boolean => slot.length === DAY_LENGTH;
const dayOf = (slot: string): string => slot.slice(0, DAY_LENGTH);
const totalOf = (bySlot: BySlot): number => Object.values(bySlot).reduce((sum, each) => sum + each, 0);

const startOf = (slot: string): number =>
  Date.parse(isDay(slot) ? `${slot}T00:00:00.000Z` : `${slot}:00:00.000Z`);
const endOf = (slot: string): number => startOf(slot) + (isDay(slot) ? 24 : 1) * HOUR_MS;

/** Clocks agree to half a minute with a date of Apify's, which may itself be seconds off. */
const CLOCKS_MS = 60_000;

/** What is booked of a run is what it has spent, nowhere less than nothing, and nowhere but in the time of the run. */
function* checkRun(
  { runId, booked = {}, spentMicroUsd = 0 }: SeenRun,
  run: TrueRun | undefined,
  nowMs: number,
) {
  const total = totalOf(booked);
  if (total !== spentMicroUsd)
    yield ["P7", `of run ${runId} ${total} µ$ are booked, and it spent ${spentMicroUsd} µ$`] as const;
  const startMs = run?.lives[0]?.startedAtMs ?? 0;
  const endMs = run?.lives.at(-1)?.endedAtMs ?? nowMs;
  for (const [slot, microUsd] of Object.entries(booked)) {
    if (microUsd < 0) yield ["P7", `of run ${runId} ${microUsd} µ$ are booked in ${slot}`] as const;
    if (endOf(slot) < startMs - CLOCKS_MS || startOf(slot) > Math.max(startMs, endMs) + CLOCKS_MS)
      yield ["P7", `of run ${runId} ${microUsd} µ$ are booked in ${slot}, when it did not live`] as const;
  }
}

/** A sum of what many have by the slot. */
function sumOf(all: readonly BySlot[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const bySlot of all)
    for (const [slot, microUsd] of Object.entries(bySlot)) sums.set(slot, (sums.get(slot) ?? 0) + microUsd);
  return sums;
}

/**
 * The cells of each slot hold what is booked there of runs, no more and no less. Of what is days old a run has by the day
 * what it had by the hour: in which of them, only the cells know.
 */
export function* checkBooked(
  { slots, runs }: SeenLedger,
  all: readonly TrueRun[],
  nowMs: number,
): Generator<Finding> {
  for (const run of runs) {
    if (run.booked)
      yield* checkRun(
        run,
        all.find(({ id }) => id === run.runId),
        nowMs,
      );
  }
  const nameOf = togetherOf(all);
  const cells = new Map<string, BySlot[]>();
  for (const [slot, spenders] of slots) {
    for (const [spender, microUsd] of spenders)
      cells.set(nameOf(spender), [...(cells.get(nameOf(spender)) ?? []), { [slot]: microUsd }]);
  }
  const byName = Map.groupBy(runs, ({ spender }) => nameOf(spender));
  for (const [name, ofName] of byName) {
    // An older release did not keep it.
    if (ofName.some(({ booked, spentMicroUsd = 0 }) => booked === undefined && spentMicroUsd !== 0)) continue;
    const booked = sumOf(ofName.map((run) => run.booked ?? {}));
    const held = sumOf(cells.get(name) ?? []);
    const days = sumOf([...booked].map(([slot, microUsd]) => ({ [dayOf(slot)]: microUsd })));
    for (const slot of new Set([...held.keys(), ...booked.keys(), ...days.keys()])) {
      const has = held.get(slot) ?? 0;
      const least = (isDay(slot) ? days : booked).get(slot) ?? 0;
      const most = isDay(slot) ? least : least + (booked.get(dayOf(slot)) ?? 0);
      if (has < least || has > most)
        yield [
          "P7",
          `the cell of ${name} in ${slot} holds ${has} µ$, where ${least} µ$ are booked of its runs`,
        ];
    }
  }
}

/** Watches what is taken off the runs' bookings: a correction is, the latest slots first. */
export class Corrections {
  #before = new Map<string, SeenRun>();

  /** The ledger is another one. */
  forget(): void {
    this.#before = new Map();
  }

  /** Of one that has become another Actor, what it spent as that comes first. */
  *check({ runs }: SeenLedger, all: readonly TrueRun[]): Generator<Finding> {
    const turned = new Set(all.flatMap(({ id, metamorphs }) => (metamorphs ? [id] : [])));
    for (const run of runs) {
      const before = this.#before.get(run.runId);
      this.#before.set(run.runId, run);
      if (before?.booked === undefined || run.booked === undefined || before.version === run.version)
        continue;
      if (turned.has(run.runId)) continue;
      yield* takenFrom(run.runId, before.booked, run.booked);
    }
  }
}

function* takenFrom(runId: string, before: BySlot, now: BySlot): Generator<Finding> {
  // What was by the hour and is by the day now says nothing of hours.
  const isFolded = Object.keys(before).some((slot) => !isDay(slot) && dayOf(slot) in now);
  if (isFolded || totalOf(now) >= totalOf(before)) return;
  const slots = Object.keys(before).sort();
  const first = slots.findIndex((slot) => (now[slot] ?? 0) < (before[slot] ?? 0));
  // In the last one it may have spent more since.
  const left = slots.slice(first + 1, -1).find((slot) => (now[slot] ?? 0) > 0);
  if (first >= 0 && left !== undefined)
    yield [
      "P7",
      `of run ${runId} less is booked in ${slots[first]} than was, before all of ${left} was taken off`,
    ];
}
