import { between } from "../ground/accrual.ts";
import { type CycleStart, dayAt } from "../ground/cycle.ts";
import { accountedUntil } from "../runs/accounted.ts";
import { costOf, unitsOf } from "../runs/accrual.ts";
import type { Run } from "../runs/run.ts";
import { endOf } from "../runs/timeline.ts";

/** What runs took on one day, or on the part of it that lies in one cycle. */
export type RunsOfDay = { readonly usd: number; readonly units: number };

/**
 * What a user's runs cost, day by day, as the account's figures show it: each run's true cost on the days on which it came,
 * as far as the run's own figure accounts for it by now. Runs whose figures rest are added up once and for all.
 */
export class SpendBook {
  readonly #cycleStart: CycleStart;
  /** Of runs at rest, by the day's first instant. */
  readonly #rested = new Map<number, RunsOfDay>();
  /** All others, those of the future included. */
  #moving: Run[] = [];
  readonly #all: Run[] = [];

  constructor(cycleStart: CycleStart) {
    this.#cycleStart = cycleStart;
  }

  add(run: Run): void {
    this.#moving.push(run);
    this.#all.push(run);
  }

  /** Tells the book that an ended run lives again: it adds up everything anew. */
  revived(): void {
    this.#rested.clear();
    this.#moving = this.#all.toSorted((one, other) => one.startedAtMs - other.startedAtMs);
  }

  /** By the first instant of each day on which any run took anything. */
  days(nowMs: number): ReadonlyMap<number, RunsOfDay> {
    const isAtRest = (run: Run) => restsAtMs(run) <= nowMs;
    for (const run of this.#moving.filter(isAtRest)) this.#book(run, nowMs, this.#rested);
    this.#moving = this.#moving.filter((run) => !isAtRest(run));
    const days = new Map(this.#rested);
    for (const run of this.#moving) if (run.startedAtMs <= nowMs) this.#book(run, nowMs, days);
    return days;
  }

  #book(run: Run, nowMs: number, days: Map<number, RunsOfDay>): void {
    const knownMs = accountedUntil(run, nowMs);
    const [cost, units] = [costOf(run, nowMs), unitsOf(run)];
    for (let fromMs = run.startedAtMs; fromMs <= knownMs; ) {
      const day = dayAt(this.#cycleStart, fromMs);
      const before = days.get(day.fromMs) ?? { usd: 0, units: 0 };
      days.set(day.fromMs, {
        usd: before.usd + between(cost, fromMs, day.untilMs, knownMs),
        units: before.units + between(units, fromMs, day.untilMs, knownMs),
      });
      fromMs = day.untilMs;
    }
  }
}

/** From when on the run's figure moves no more, unless the run is resurrected. */
function restsAtMs({ lives, character, corrections, prices }: Run): number {
  const last = lives.at(-1);
  const end = last && endOf(last);
  const corrected = [...corrections, ...prices].map(({ atMs }) => atMs);
  return end ? Math.max(end.atMs + character.settlesInMs, ...corrected) : Number.POSITIVE_INFINITY;
}
