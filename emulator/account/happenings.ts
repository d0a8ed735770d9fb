import { several } from "../ground/during.ts";
import type { Random } from "../ground/random.ts";
import { resurrect } from "../runs/interference.ts";
import type { Run, Scheduled } from "../runs/run.ts";
import { endOf, statusAt } from "../runs/timeline.ts";
import type { ScheduleSpec } from "../world/schedule.ts";
import { LIVE_STATUSES, type RunScript } from "../world/script.ts";

/** What happenings do to the account. */
export type Effects = {
  /** Starts a run at an instant; undefined when its Actor does not exist then. */
  start(script: RunScript, atMs: number, scheduled?: Scheduled): Run | undefined;
  /** Notes that a run lives again. */
  revived(run: Run): void;
};

/** "Events fire within about a second of their time", as documented. */
const FIRES_AFTER_MS = 400;

/** Something that is due. */
type Due = { readonly atMs: number; readonly happen: () => void };

type Schedule = {
  readonly spec: ScheduleSpec;
  readonly id: string;
  nextMs: number;
  untilMs: number;
  count: number;
  readonly started: Run[];
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
  readonly #schedules: readonly Schedule[];
  readonly #effects: Effects;
  #watched: Watched[] = [];

  constructor(specs: readonly ScheduleSpec[], startedAtMs: number, random: Random, effects: Effects) {
    this.#effects = effects;
    this.#schedules = specs.map((spec) => {
      atLeastASecond(spec.everyMs, `the schedule ${spec.name} starts runs each`);
      return {
        spec,
        id: spec.id ?? random.id(),
        nextMs: startedAtMs + (spec.fromMs ?? 0),
        untilMs: startedAtMs + (spec.untilMs ?? Number.POSITIVE_INFINITY),
        count: 0,
        started: [],
      };
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
    if (this.#schedules.length + this.#watched.length === 0) return;
    for (let due = this.#next(); due && due.atMs <= nowMs; due = this.#next()) due.happen();
  }

  /** A schedule that starts nothing more from the instant on. Throws when there is none of this name. */
  disable(name: string, atMs: number): void {
    const schedule = this.#schedules.find(({ spec }) => spec.name === name);
    if (!schedule) throw new Error(`This world has no schedule "${name}".`);
    schedule.untilMs = Math.min(schedule.untilMs, atMs);
  }

  #next(): Due | undefined {
    let first: Due | undefined;
    const consider = (due: Due | undefined) => {
      if (due && (!first || due.atMs < first.atMs)) first = due;
    };
    for (const schedule of this.#schedules) {
      const { nextMs: atMs, untilMs } = schedule;
      if (atMs < untilMs) consider({ atMs, happen: () => this.#fire(schedule) });
    }
    for (const watched of this.#watched) {
      consider(this.#resurrection(watched));
      consider(this.#retry(watched));
    }
    return first;
  }

  #fire(schedule: Schedule): void {
    const { spec, id, started, nextMs: dueMs } = schedule;
    schedule.nextMs = dueMs + spec.everyMs;
    const isLive = (run: Run) => LIVE_STATUSES.has(statusAt(run, dueMs) ?? "");
    if (spec.isExclusive && started.some(isLive)) return;
    schedule.count++;
    for (const script of several(spec.starts)) {
      const numbered = { ...script, ...labelled(script.label, schedule.count), origin: "SCHEDULER" } as const;
      const run = this.#effects.start(numbered, dueMs + FIRES_AFTER_MS, { id, atMs: dueMs });
      if (!run) continue;
      if (spec.isExclusive) started.push(run);
      this.watch(run, { ...numbered, origin: "API" });
    }
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

/** `dear#2` */
const labelled = (label: string | undefined, count: number): { label?: string } =>
  label === undefined ? {} : { label: `${label}#${count}` };

function atLeastASecond(ms: number, what: string): void {
  if (ms >= 1_000) return;
  throw new RangeError(`In this world ${what} ${ms} ms: give 1,000 or more.`);
}
