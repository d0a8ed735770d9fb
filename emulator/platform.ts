import type { VirtualClock } from "./clock.ts";
import { type Random, seededRandom } from "./random.ts";
import { RunBook } from "./runs/book.ts";
import { livesOf } from "./runs/lives.ts";
import { character, type Run, type RunOptions } from "./runs/run.ts";
import type { RunScript } from "./script.ts";
import type { Accrual } from "./spending/accrual.ts";
import { type CycleStart, checkedStart, cycleAt } from "./spending/cycle.ts";
import { outsideAccrual } from "./spending/outside.ts";
import { SpendBook } from "./spending/spend-book.ts";
import type { Actor, ActorSpec, Task, User, World } from "./world.ts";

/** Everything that the pretend Apify knows: one account with its Actors, tasks and runs, and a second, empty one. */
export type Platform = {
  readonly clock: VirtualClock;
  readonly startedAtMs: number;
  /** What had been spent without any run when the world began. */
  readonly spentUsd: number;
  readonly cycleStart: CycleStart;
  /** What is spent without any run. */
  readonly outside: Accrual;
  /** Whose Actors, tasks and runs these are. */
  readonly owner: User;
  /** Whom the token `other-user` belongs to. */
  readonly stranger: User;
  readonly actors: readonly Actor[];
  readonly tasks: readonly Task[];
  readonly runs: RunBook;
  readonly spend: SpendBook;
  readonly random: Random;
  /** What `PUT /v2/users/me/limits` may change. */
  readonly settings: { maxMonthlyUsageUsd: number; dataRetentionDays: number };
};

/** Builds the world as it is at the clock's present instant. */
export function createPlatform(world: World, clock: VirtualClock, seed: number): Platform {
  const random = seededRandom(seed);
  const owner: User = { id: random.id(), username: world.username ?? "acme" };
  const stranger: User = { id: random.id(), username: "someone-else" };
  const actors = world.actors.map((spec): Actor => identified(spec, random));
  const tasks = (world.tasks ?? []).map((spec): Task => {
    const actor = actors.find((candidate) => candidate.name === spec.actor);
    if (!actor) throw new Error(unknownName(world.name, `task ${spec.name}`, "Actor", spec.actor));
    return { ...spec, id: random.id(), actorId: actor.id };
  });
  const startedAtMs = clock.now();
  const cycleStart = checkedStart(world.cycleStart ?? { day: 1 });
  const runs = new RunBook();
  const platform: Platform = {
    clock,
    startedAtMs,
    cycleStart,
    outside: outsideAccrual(world, startedAtMs, cycleAt(cycleStart, startedAtMs)),
    spentUsd: world.spentUsd ?? 0,
    owner,
    stranger,
    actors,
    tasks,
    runs,
    spend: new SpendBook(runs, cycleStart),
    random,
    settings: { maxMonthlyUsageUsd: 2_000, dataRetentionDays: 31 },
  };
  keep(
    platform,
    world.runs.map((script) => makeRun(platform, script, {})),
  );
  return platform;
}

/** Adds a run `script.startsAfterMs` from now. `options` are those that a caller of the API gave. */
export function addRun(platform: Platform, script: RunScript, options: Partial<RunOptions> = {}): Run {
  const run = makeRun(platform, script, options);
  keep(platform, [run]);
  return run;
}

function keep({ runs, spend }: Platform, added: readonly Run[]): void {
  runs.add(added);
  for (const run of added) spend.add(run);
}

function makeRun(platform: Platform, script: RunScript, options: Partial<RunOptions>): Run {
  const actor = platform.actors.find((candidate) => candidate.name === script.actor);
  if (!actor) throw new Error(unknownName("this world", "a run", "Actor", script.actor));
  const task = platform.tasks.find((candidate) => candidate.name === script.task);
  if (script.task && !task) throw new Error(unknownName("this world", "a run", "task", script.task));
  const { random } = platform;
  const startedAtMs = platform.clock.now() + (script.startsAfterMs ?? 0);
  const as = character(script);
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
    actor,
    task,
    startedAtMs,
    character: as,
    storeIds: { keyValue: random.id(), dataset: random.id(), queue: random.id() },
    lives: livesOf(script, startedAtMs, set.timeoutSecs, platform.clock.now()),
    options: set,
    message: undefined,
    rebootCount: 0,
    metamorphCount: 0,
    deletedAtMs: undefined,
    charges: [],
  };
}

function identified(spec: ActorSpec, random: Random): Actor {
  const [owner, shortName] = spec.name.split("/");
  if (!owner || !shortName) throw new Error(`An Actor is named owner/name: got "${spec.name}".`);
  return { ...spec, id: random.id(), owner, shortName, buildId: random.id() };
}

function unknownName(where: string, who: string, kind: string, name: string): string {
  return `In ${where}, ${who} names the ${kind} "${name}", which is not among the world's. Add it there.`;
}
