import { type Due, firstOf } from "../ground/due.ts";
import type { Run } from "../runs/run.ts";
import { statusAt } from "../runs/timeline.ts";
import { LIVE_STATUSES, labelled, type RunScript } from "../world/script.ts";
import { edit, type Schedule, takeTime } from "./schedule.ts";

/** "Events fire within about a second of their time", as documented. */
const FIRES_AFTER_MS = 400;

/** Starts the run of a script for a schedule that was due; undefined when its Actor does not exist then. */
export type StartScheduled = (
  script: RunScript,
  atMs: number,
  by: { readonly id: string; readonly atMs: number },
) => Run | undefined;

/** The account's schedules, what somebody does to them in the Console, and when what of it is due. */
export class Schedules {
  readonly all: readonly Schedule[];
  readonly #startedAtMs: number;
  readonly #start: StartScheduled;
  /** What people do, by instant. */
  readonly #edits: Due[];

  constructor(all: readonly Schedule[], startedAtMs: number, start: StartScheduled) {
    this.all = all;
    this.#startedAtMs = startedAtMs;
    this.#start = start;
    this.#edits = all
      .flatMap((each) => editsOf(each, startedAtMs))
      .sort((one, other) => one.atMs - other.atMs);
  }

  /** What comes next of it: edits come before what is due at the same instant. */
  next(): Due | undefined {
    const [first] = this.#edits;
    const edited = first && { atMs: first.atMs, happen: () => this.#edits.shift()?.happen() };
    return firstOf([edited, ...this.all.map(reenabling), ...this.all.map((each) => this.#firing(each))]);
  }

  #firing(schedule: Schedule): Due | undefined {
    const { nextMs, isDeleted } = schedule;
    if (nextMs === undefined || isDeleted) return undefined;
    return { atMs: nextMs, happen: () => this.#fire(schedule, nextMs) };
  }

  #fire(schedule: Schedule, dueMs: number): void {
    if (!takeTime(schedule, dueMs, this.#startedAtMs)) return;
    const { id, started, isExclusive, actions } = schedule;
    const isLive = (run: Run) => LIVE_STATUSES.has(statusAt(run, dueMs) ?? "");
    if (isExclusive && started.some(isLive)) return;
    schedule.count++;
    schedule.lastMs = dueMs;
    started.splice(0);
    for (const { script } of actions) {
      const numbered = { ...script, ...labelled(script.label, schedule.count) };
      const run = this.#start(numbered, dueMs + FIRES_AFTER_MS, { id, atMs: dueMs });
      if (run) started.push(run);
    }
  }
}

function editsOf(schedule: Schedule, startedAtMs: number): readonly Due[] {
  const { edits = [], untilMs } = schedule.spec;
  const disabled = untilMs === undefined ? [] : [{ atMs: untilMs, isEnabled: false }];
  return [...edits, ...disabled].map(({ atMs: afterMs, ...change }) => {
    const atMs = startedAtMs + afterMs;
    const happen = () => {
      if ("isDeleted" in change) schedule.isDeleted = true;
      else if (!schedule.isDeleted) edit(schedule, change, atMs);
    };
    return { atMs, happen };
  });
}

/** Somebody's habit of enabling it again. */
function reenabling(schedule: Schedule): Due | undefined {
  const { spec, disabledAtMs, isDeleted, reenablings } = schedule;
  const { afterMs, times = Number.POSITIVE_INFINITY } = spec.reenabled ?? {};
  if (afterMs === undefined || disabledAtMs === undefined || isDeleted || reenablings >= times)
    return undefined;
  const atMs = disabledAtMs + Math.max(1_000, afterMs);
  const happen = () => {
    schedule.reenablings++;
    edit(schedule, { isEnabled: true }, atMs);
  };
  return { atMs, happen };
}
