import type { VirtualClock } from "../ground/clock.ts";
import { checkedStart, cycleAt } from "../ground/cycle.ts";
import { seededRandom } from "../ground/random.ts";
import type { User } from "../runs/actor.ts";
import { RunBook } from "../runs/book.ts";
import { ascending } from "../runs/corrections.ts";
import type { Run } from "../runs/run.ts";
import { edit, refusedEdit } from "../schedules/schedule.ts";
import type { RunScript } from "../world/script.ts";
import type { World } from "../world/world.ts";
import { directoryOf } from "./directory.ts";
import { declaredActor } from "./find.ts";
import { Happenings } from "./happenings.ts";
import { newRun } from "./new-run.ts";
import { outsideAccrual } from "./outside.ts";
import type { Directory, Lively, Money, Runs, Settings, Sources, Starter } from "./parts.ts";
import { schedulesOf } from "./schedules-of.ts";
import { SpendBook } from "./spend-book.ts";

/** All that the pretend Apify knows: its users with their Actors, tasks and runs. */
export type Platform = {
  readonly clock: VirtualClock;
  readonly startedAtMs: number;
} & Directory &
  Runs &
  Money &
  Settings &
  Sources &
  Lively &
  Starter;

/** Builds the world as it is at the clock's present instant. */
export function createPlatform(world: World, clock: VirtualClock, seed: number): Platform {
  const random = seededRandom(seed);
  const startedAtMs = clock.now();
  const directory = directoryOf(world, random, startedAtMs);
  const cycleStart = checkedStart(world.cycleStart ?? { day: 1 });
  const prices = ascending(
    (world.changes ?? []).filter((change) => change.kind === "prices"),
    startedAtMs,
  );
  const runs = new RunBook();
  const books = new Map(directory.users.map((user) => [user, new SpendBook(cycleStart)]));
  const spendOf = (user: User): SpendBook => books.get(user) ?? new SpendBook(cycleStart);
  const whole = (script: RunScript): RunScript => ({ ...world.everyRun, ...script });
  const keep = (added: readonly Run[]) => {
    runs.add(added);
    for (const run of added) spendOf(run.user).add(run);
  };
  const first = world.runs.map(whole).map((script) => ({
    script,
    run: newRun(directory, random, { script, nowMs: startedAtMs, prices }),
  }));
  keep(first.map(({ run }) => run));
  const schedules = schedulesOf(world, directory, { random, seed, startedAtMs, whole });
  const happenings = new Happenings(schedules, startedAtMs, {
    start(script, atMs, scheduled) {
      if (!declaredActor(directory, script.actor, atMs)) return undefined;
      const run = newRun(directory, random, { script, nowMs: atMs, prices, scheduled });
      keep([run]);
      return run;
    },
    revived(run) {
      runs.revived(run);
      spendOf(run.user).revived();
    },
  });
  for (const { run, script } of first) happenings.watch(run, script);
  const settle = (): number => {
    const nowMs = clock.now();
    happenings.settle(nowMs);
    return nowMs;
  };
  settle();
  return {
    ...directory,
    clock,
    startedAtMs,
    cycleStart,
    outside: outsideAccrual(world, startedAtMs, cycleAt(cycleStart, startedAtMs)),
    spentUsd: world.spentUsd ?? 0,
    runs,
    spendOf,
    settings: { maxMonthlyUsageUsd: 2_000, dataRetentionDays: 31 },
    settle,
    schedules,
    editSchedule(name, change) {
      const schedule = schedules.find(({ spec }) => spec.name === name);
      const wrong = schedule ? refusedEdit(change) : `This world has no schedule "${name}".`;
      if (!schedule || wrong) throw new Error(wrong);
      edit(schedule, change, settle());
    },
    start(own, options = {}) {
      const nowMs = settle();
      const script = whole(own);
      const run = newRun(directory, random, { script, options, nowMs, prices });
      keep([run]);
      happenings.watch(run, script);
      return run;
    },
  };
}
