import { type Due, firstOf } from "../ground/due.ts";
import { resurrect } from "../runs/interference.ts";
import type { Run, Scheduled } from "../runs/run.ts";
import { endOf } from "../runs/timeline.ts";
import type { Schedule } from "../schedules/schedule.ts";
import { Schedules } from "../schedules/schedules.ts";
import { labelled, type RunScript } from "../world/script.ts";

/** What happenings do to the account. */
export type Effects = {
  /** Starts a run at an instant; undefined when its Actor does not exist then. */
  start(script: RunScript, atMs: number, scheduled?: Scheduled): Run | undefined;
  /** Notes that a run lives again. */
  revived(run: Run): void;
};

/** A run that somebody comes back to, by its script: the first attempt or a later one, resurrected so often already. */
type Watched = {
  readonly run: Run;
  readonly script: RunScript;
  readonly firstLabel: string | undefined;
  readonly attempt: number;
  resurrections: number;
};

/**
 * What the account's people and programs do by themselves: schedules start runs, somebody resurrects a run whenever it
 * has ended, somebody starts another one when it has failed. Nothing ticks: what is due by an instant happens when the
 * world is next looked at, each at its own instant and in that order, so that the world is the same whoever looks when.
 */
export class Happenings {
  readonly #schedules: Schedules;
  readonly #effects: Effects;
  #watched: Watched[] = [];

  constructor(schedules: readonly Schedule[], startedAtMs: number, effects: Effects) {
    this.#effects = effects;
    this.#schedules = new Schedules(schedules, startedAtMs, (script, atMs, scheduled) => {
      const run = effects.start({ ...script, origin: "SCHEDULER" }, atMs, scheduled);
      if (run) this.watch(run, { ...script, origin: "API" });
      return run;
    });
  }

  /** Tells of a run that has been made by this script, in case that somebody watches it. */
  watch(run: Run, script: RunScript, firstLabel = script.label, attempt = 1): void {
    const { resurrected, retried } = script;
    if (!resurrected && !retried) return;
    for (const each of [resurrected, retried])
      if (each) atLeastASecond(each.afterMs, "somebody comes back to a run after");
    this.#watched.push({ run, script, firstLabel, attempt, resurrections: 0 });
  }

  /** Lets happen what is due by the instant. */
  settle(nowMs: number): void {
    if (this.#schedules.all.length + this.#watched.length === 0) return;
    for (let due = this.#next(); due && due.atMs <= nowMs; due = this.#next()) due.happen();
  }

  #next(): Due | undefined {
    const comingBack = this.#watched.flatMap((each) => [this.#resurrection(each), this.#retry(each)]);
    return firstOf([this.#schedules.next(), ...comingBack]);
  }

  #resurrection(watched: Watched): Due | undefined {
    const { run, script, resurrections } = watched;
    const { afterMs = 0, times = Number.POSITIVE_INFINITY } = script.resurrected ?? {};
    const end = lastEnd(run);
    if (!script.resurrected || !end || resurrections >= times || run.deletedAtMs !== undefined)
      return undefined;
    const atMs = end.atMs + afterMs;
    return {
      atMs,
      happen: () => {
        watched.resurrections++;
        if (resurrect(run, atMs)) this.#effects.revived(run);
      },
    };
  }

  #retry(watched: Watched): Due | undefined {
    const { run, script, firstLabel, attempt } = watched;
    const { retried } = script;
    const end = lastEnd(run);
    if (!retried || !end) return undefined;
    const { on = ["FAILED", "ABORTED", "TIMED-OUT"], times = Number.POSITIVE_INFINITY } = retried;
    if (attempt > times || !on.some((status) => status === end.status)) return undefined;
    const atMs = end.atMs + retried.afterMs;
    return {
      atMs,
      happen: () => {
        this.#watched = this.#watched.filter((each) => each !== watched);
        const numbered = { ...script, ...labelled(firstLabel, attempt + 1) };
        const again: RunScript = { ...numbered, startsAfterMs: 0, resurrectedAfterMs: [] };
        const next = this.#effects.start(again, atMs);
        if (next) this.watch(next, again, firstLabel, attempt + 1);
      },
    };
  }
}

const lastEnd = (run: Run) => {
  const last = run.lives.at(-1);
  return last && endOf(last);
};

function atLeastASecond(ms: number, what: string): void {
  if (ms >= 1_000) return;
  throw new RangeError(`In this world ${what} ${ms} ms: give 1,000 or more.`);
}
