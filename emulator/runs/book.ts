import { LIVE_STATUSES } from "../world/script.ts";
import type { Run } from "./run.ts";
import { isShownOtherwise } from "./sight.ts";
import { statusAt } from "./timeline.ts";

/** All runs of a world, by id and by `startedAt`, with the live ones at hand: lists of these are the hot path. */
export class RunBook {
  readonly #byId = new Map<string, Run>();
  readonly #byStart: Run[] = [];
  /** The same without those that were deleted: what lists show. */
  readonly #listed: Run[] = [];
  /** Runs of the future, ascending. */
  readonly #pending: Run[] = [];
  /** Started runs that were live when last looked at, ascending. */
  #live: Run[] = [];
  readonly #shownOtherwise: Run[] = [];
  /** Statuses that only this world knows. */
  readonly strangeStatuses = new Set<string>();

  add(runs: readonly Run[]): void {
    for (const run of runs) this.#byId.set(run.id, run);
    insertAll(this.#byStart, runs);
    insertAll(this.#listed, runs);
    insertAll(this.#pending, runs);
    for (const { character } of runs)
      for (const { status } of character.shownAs) this.strangeStatuses.add(status);
    this.#shownOtherwise.push(...runs.filter(isShownOtherwise));
  }

  get(id: string): Run | undefined {
    return this.#byId.get(id);
  }

  /** Every run, those of the future and those that were deleted included, ascending by start. */
  all(): readonly Run[] {
    return this.#byStart;
  }

  /** The runs that started from `fromMs` to `toMs`, both inclusive, and were not deleted, ascending by start. */
  startedBetween(fromMs: number, toMs: number): readonly Run[] {
    return this.#listed.slice(firstAfter(this.#listed, fromMs - 1), firstAfter(this.#listed, toMs));
  }

  /** Takes an ended run from lists. What it cost stays true. */
  delete(run: Run, nowMs: number): void {
    run.deletedAtMs = nowMs;
    const place = this.#listed.indexOf(run, firstAfter(this.#listed, run.startedAtMs - 1));
    if (place >= 0) this.#listed.splice(place, 1);
  }

  /** The runs that are live at `nowMs`, which must not go back from call to call. */
  live(nowMs: number): readonly Run[] {
    let due = 0;
    for (let next = this.#pending[due]; next && next.startedAtMs <= nowMs; next = this.#pending[due]) {
      insert(this.#live, next);
      due++;
    }
    if (due > 0) this.#pending.splice(0, due);
    const isLive = (run: Run) => LIVE_STATUSES.has(statusAt(run, nowMs) ?? "");
    if (!this.#live.every(isLive)) this.#live = this.#live.filter(isLive);
    return this.#live;
  }

  /** The same, and those that lists may show as live although they are not, or not yet or no longer as such. */
  perhapsLive(nowMs: number): readonly Run[] {
    const live = this.live(nowMs);
    if (this.#shownOtherwise.length === 0) return live;
    const others = this.#shownOtherwise.filter((run) => run.startedAtMs <= nowMs && !live.includes(run));
    return [...live, ...others].sort((one, other) => one.startedAtMs - other.startedAtMs);
  }

  /** Tells the book that an ended run lives again. */
  revived(run: Run): void {
    if (!this.#live.includes(run) && !this.#pending.includes(run)) insert(this.#live, run);
  }
}

/** Keeps `runs` ascending by start, equals in the order of their coming. */
function insert(runs: Run[], run: Run): void {
  runs.splice(firstAfter(runs, run.startedAtMs), 0, run);
}

/** The same for many at once, which one by one would take the square of their number. */
function insertAll(runs: Run[], added: readonly Run[]): void {
  for (const run of added) runs.push(run);
  runs.sort((one, other) => one.startedAtMs - other.startedAtMs);
}

/** The place of the first run that started after `atMs`. */
function firstAfter(runs: readonly Run[], atMs: number): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const run = runs[middle];
    if (run && run.startedAtMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
