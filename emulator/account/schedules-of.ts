import { several } from "../ground/during.ts";
import { type Random, seededRandom } from "../ground/random.ts";
import { type Action, type Schedule, scheduleOf } from "../schedules/schedule.ts";
import type { ScheduleSpec } from "../world/schedule.ts";
import type { RunScript } from "../world/script.ts";
import type { World } from "../world/world.ts";
import { unknownName } from "./directory.ts";
import type { Directory } from "./parts.ts";

/**
 * The schedules that runs of the world name and that it does not declare. They are there, as Apify has them, and start
 * nothing but these runs.
 */
function namedByRuns({ runs, schedules = [] }: World): readonly ScheduleSpec[] {
  const declared = new Set(schedules.map(({ id }) => id));
  const named = new Map(runs.map((run) => [run.scheduleId, run]));
  return [...named].flatMap(([id, { actor, task }]) =>
    id === undefined || declared.has(id)
      ? []
      : { id, name: id, cron: "@daily", misses: {}, starts: { actor, ...(task && { task }) } },
  );
}

/** The world's schedules. Throws when one starts an Actor or a task that the world does not have. */
export function schedulesOf(
  world: World,
  { owner, actors, tasks }: Directory,
  made: {
    readonly random: Random;
    readonly seed: number;
    readonly startedAtMs: number;
    /** A script with the settings of every run. */
    readonly whole: (script: RunScript) => RunScript;
  },
): readonly Schedule[] {
  const { name: where, schedules = [] } = world;
  const { random, startedAtMs, whole } = made;
  // Another stream than the runs': a schedule with one action more keeps them as they were.
  const ids = seededRandom(made.seed ^ 0xac7);
  return [...schedules, ...namedByRuns(world)].map((spec, index) => {
    const who = `the schedule ${spec.name}`;
    const actions = several(spec.starts).map((start): Action => {
      const actor = actors.find(({ name }) => name === start.actor);
      if (!actor) throw new Error(unknownName(where, who, "Actor", start.actor));
      const task = tasks.find(({ name }) => name === start.task);
      if (start.task && !task) throw new Error(unknownName(where, who, "task", start.task));
      return { id: ids.id(), actor, task, script: whole(start), told: {} };
    });
    return scheduleOf(spec, { user: owner, actions, startedAtMs, index }, random);
  });
}
