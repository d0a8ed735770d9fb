import type { VirtualClock } from "../ground/clock.ts";
import { checkedStart, cycleAt } from "../ground/cycle.ts";
import { seededRandom } from "../ground/random.ts";
import type { User } from "../runs/actor.ts";
import { RunBook } from "../runs/book.ts";
import { ascending } from "../runs/corrections.ts";
import type { Run, RunOptions } from "../runs/run.ts";
import type { RunScript } from "../world/script.ts";
import type { World } from "../world/world.ts";
import { directoryOf } from "./directory.ts";
import { newRun } from "./new-run.ts";
import { outsideAccrual } from "./outside.ts";
import type { Directory, Money, Runs, Settings, Starter } from "./parts.ts";
import { SpendBook } from "./spend-book.ts";

/** All that the pretend Apify knows: its users with their Actors, tasks and runs. */
export type Platform = {
  readonly clock: VirtualClock;
  readonly startedAtMs: number;
} & Directory &
  Runs &
  Money &
  Settings &
  Starter;

/** Builds the world as it is at the clock's present instant. */
export function createPlatform(world: World, clock: VirtualClock, seed: number): Platform {
  const random = seededRandom(seed);
  const directory = directoryOf(world, random, clock.now());
  const startedAtMs = clock.now();
  const cycleStart = checkedStart(world.cycleStart ?? { day: 1 });
  const prices = ascending(
    (world.changes ?? []).filter((change) => change.kind === "prices"),
    startedAtMs,
  );
  const runs = new RunBook();
  const books = new Map(directory.users.map((user) => [user, new SpendBook(cycleStart)]));
  const spendOf = (user: User): SpendBook => books.get(user) ?? new SpendBook(cycleStart);
  const made = (own: RunScript, options: Partial<RunOptions>) => {
    const script = { ...world.everyRun, ...own };
    return newRun(directory, random, { script, options, nowMs: clock.now(), prices });
  };
  const keep = (added: readonly Run[]) => {
    runs.add(added);
    for (const run of added) spendOf(run.user).add(run);
  };
  keep(world.runs.map((script) => made(script, {})));
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
    start(script, options = {}) {
      const run = made(script, options);
      keep([run]);
      return run;
    },
  };
}
