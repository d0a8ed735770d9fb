import type { Random } from "../ground/random.ts";
import { character } from "../runs/character.ts";
import { livesOf } from "../runs/lives.ts";
import type { Run, RunOptions } from "../runs/run.ts";
import type { RunScript } from "../world/script.ts";
import { unknownName } from "./identified.ts";
import type { Directory } from "./parts.ts";

/** Makes a run that starts `script.startsAfterMs` from `nowMs`. Throws when its Actor or task is not the world's. */
export function newRun(
  { actors, tasks }: Pick<Directory, "actors" | "tasks">,
  random: Random,
  { script, options, nowMs }: { script: RunScript; options: Partial<RunOptions>; nowMs: number },
): Run {
  const actor = actors.find((candidate) => candidate.name === script.actor);
  if (!actor) throw new Error(unknownName("this world", "a run", "Actor", script.actor));
  const task = tasks.find((candidate) => candidate.name === script.task);
  if (script.task && !task) throw new Error(unknownName("this world", "a run", "task", script.task));
  const startedAtMs = nowMs + (script.startsAfterMs ?? 0);
  const set: RunOptions = {
    build: options.build ?? script.build ?? "latest",
    timeoutSecs: options.timeoutSecs ?? script.timeoutSecs ?? 0,
    memoryMbytes: options.memoryMbytes ?? script.memoryMbytes ?? 1_024,
    maxItems: options.maxItems,
    maxTotalChargeUsd: options.maxTotalChargeUsd,
    restartOnError: options.restartOnError ?? false,
  };
  return {
    id: random.id(),
    label: script.label,
    zeroMs: nowMs,
    actor,
    task,
    startedAtMs,
    character: character(script),
    storeIds: { keyValue: random.id(), dataset: random.id(), queue: random.id() },
    lives: livesOf(script, startedAtMs, set.timeoutSecs, nowMs),
    options: set,
    message: undefined,
    rebootCount: 0,
    metamorphCount: 0,
    deletedAtMs: undefined,
    charges: [],
  };
}
