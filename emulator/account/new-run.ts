import type { Random } from "../ground/random.ts";
import type { Actor } from "../runs/actor.ts";
import { character } from "../runs/character.ts";
import { ascending, type Correction } from "../runs/corrections.ts";
import { livesOf } from "../runs/lives.ts";
import type { Run, RunOptions, Scheduled } from "../runs/run.ts";
import type { RunScript } from "../world/script.ts";
import { unknownName } from "./directory.ts";
import { declaredActor } from "./find.ts";
import type { Directory } from "./parts.ts";

/** Makes a run that starts `script.startsAfterMs` from `nowMs`. Throws when it names what is not the world's. */
export function newRun(
  directory: Directory,
  random: Random,
  {
    script,
    options = {},
    nowMs,
    prices,
    scheduled,
  }: {
    script: RunScript;
    options?: Partial<RunOptions>;
    nowMs: number;
    prices: readonly Correction[];
    scheduled?: Scheduled | undefined;
  },
): Run {
  const startedAtMs = nowMs + (script.startsAfterMs ?? 0);
  const { owner, users, tasks } = directory;
  const actorNamed = (name: string, atMs: number): Actor => {
    const actor = declaredActor(directory, name, atMs);
    if (actor) return actor;
    throw new Error(unknownName("this world", "a run", "Actor", name));
  };
  const task = tasks.find((candidate) => candidate.name === script.task);
  if (script.task && !task) throw new Error(unknownName("this world", "a run", "task", script.task));
  const user = script.user ? users.find(({ username }) => username.first === script.user) : owner;
  if (!user) throw new Error(unknownName("this world", "a run", "user", script.user ?? ""));
  const metamorphs = (script.metamorphs ?? []).map(({ atMs, into }) => ({
    atMs: nowMs + atMs,
    actor: actorNamed(into, nowMs + atMs),
  }));
  const set: RunOptions = {
    build: options.build ?? script.build ?? "latest",
    timeoutSecs: options.timeoutSecs ?? script.timeoutSecs ?? 0,
    memoryMbytes: options.memoryMbytes ?? script.memoryMbytes ?? 1_024,
    maxItems: options.maxItems,
    maxTotalChargeUsd: options.maxTotalChargeUsd ?? script.maxTotalChargeUsd,
    restartOnError: options.restartOnError ?? false,
  };
  return {
    id: random.id(),
    label: script.label,
    zeroMs: nowMs,
    user,
    actor: actorNamed(script.actor, startedAtMs),
    metamorphs: metamorphs.sort((one, other) => one.atMs - other.atMs),
    task,
    startedAtMs,
    scheduled,
    character: character(script),
    storeIds: { keyValue: random.id(), dataset: random.id(), queue: random.id() },
    lives: livesOf(script, startedAtMs, set.timeoutSecs, nowMs),
    options: set,
    message: undefined,
    rebootCount: 0,
    deletedAtMs: undefined,
    charges: [],
    corrections: ascending(script.corrections ?? [], nowMs),
    prices,
  };
}
