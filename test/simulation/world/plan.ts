import type { RunScript, World } from "../../../emulator/index.ts";
import type { Climate } from "../process/weather.ts";
import { type Random, seededRandom } from "../random.ts";
import type { Restored } from "../storage/storage.ts";
import { type Aim, aimedTicks, randomAim } from "./aims.ts";
import { BUDGET_TASKS, ofTasks, pastRuns, randomCycle } from "./budgets.ts";
import { randomChanges, randomDates, randomSchedules, withReturns } from "./changes.ts";
import type { Document } from "./document.ts";
import { randomFaults } from "./faults.ts";
import { type Newer, withNewer } from "./newer.ts";
import { withOddities } from "./oddities.ts";
import { randomPolicy } from "./policies.ts";
import { FIRST_TOKEN, randomRefusals, randomTokens, type Secret } from "./refusals.ts";
import { ACTORS, randomRuns } from "./runs.ts";
import { withMore } from "./settings.ts";
import type { SourcesPlan } from "./sources-plan.ts";
import { TEMPERS } from "./tempers.ts";
import { areClocksBad, calmTicks, type PlannedTick, randomTicks } from "./ticks.ts";
import { THEMES, type Theme } from "./wider-rules.ts";
import { WIDER_ACTORS, WIDER_TASKS, widerRuns } from "./wider-runs.ts";

const MINUTE = 60_000;

export const STORAGES = ["memory", "dynamo"] as const;

/** All of a world that is settled before it begins. */
export type Plan = {
  readonly seed: number;
  readonly activeMs: number;
  readonly calmMs: number;
  readonly world: World;
  /** Of a world that has all of the policy language; absent: the first limits alone. */
  readonly theme?: Theme;
  /** Are there budgets in it? */
  readonly hasBudgets: boolean;
  readonly policy: Document;
  readonly climate: Climate;
  /** Where the watchdog keeps what it knows: in the memory twins, or by the real adapter in a model of DynamoDB. */
  readonly storage: (typeof STORAGES)[number];
  /** Is another watchdog at work on the account, which knows nothing of this one? */
  readonly hasRival: boolean;
  /** Has it what was added to worlds after all else: more settings, other users' runs, tasks that go, Actors that come? */
  readonly hasMore: boolean;
  /** What came to worlds last; absent where it has nothing of that. */
  readonly newer?: Newer;
  /** Are some runs told otherwise than Apify tells most? */
  readonly isOdd: boolean;
  /** What token the watchdog is given when, ascending. */
  readonly secrets: readonly Secret[];
  readonly ticks: readonly PlannedTick[];
  readonly operatorsAtMs: readonly number[];
  readonly usersAtMs: readonly number[];
  /** What is put back when, as it was when; instants from the world's start. */
  readonly restores: readonly Restore[];
  /** Have operators' laptops clocks that are minutes off? */
  readonly badLaptops: boolean;
  /** How likely an operator or user acts within half a minute of a promise to stop a run, when it matters most. */
  readonly nerves: number;
  readonly abortEndpoint: "actor-runs" | "acts";
  /** Of a world whose trouble comes where it matters most, and not anywhere. */
  readonly aim?: Aim;
  /** Of a world whose schedules are held: what happens to them. */
  readonly sources?: SourcesPlan;
};

/** Somebody puts back what was kept, while nothing runs; then all goes on. */
export type Restore = { readonly keptAtMs: number; readonly atMs: number; readonly what: Restored };

const randomRestores = (random: Random, activeMs: number): readonly Restore[] =>
  Array.from({ length: random.pick([1, 1, 2]) }, (): Restore => {
    const atMs = random.int(5 * MINUTE, activeMs - 1);
    const agoMs = random.pick([2_000, MINUTE, 10 * MINUTE, 60 * MINUTE]);
    return { keptAtMs: Math.max(5_000, atMs - agoMs), atMs, what: random.pick(["table", "control"]) };
  });

/** The share of worlds in which the real adapter runs: such a world takes twice as long as another. */
const ON_DYNAMO = 0.35;

/**
 * Draws a world from its seed: runs, policy, ticks, faults, operators and users; then a calm in which all is well. What was
 * added to worlds later can be left out: then a seed's world is what it was before.
 */
export function planFor(seed: number, { isAimed = true, isMore = true, isNewer = true } = {}): Plan {
  const random = seededRandom(seed);
  const temper = random.pick(TEMPERS);
  const activeMs = random.int(30, 90) * MINUTE;
  const wide = random.fork("wide");
  // What takes the longest comes to pass the seldomest.
  const theme = wide.chance(0.4) ? wide.pick([...THEMES, "idle", "typical"] as const) : undefined;
  const spending = random.fork("budgets");
  const hasBudgets = spending.chance(theme ? 0.3 : 0.6);
  const plain = randomRuns(random.fork("runs"), activeMs);
  const runs = hasBudgets ? [...ofTasks(spending, plain), ...pastRuns(spending)] : plain;
  const more = theme ? widerRuns(random.fork("wider runs"), activeMs, theme) : [];
  const calmMs = 20 * MINUTE;
  const returning = random.fork("returns");
  const all =
    temper.faults > 0 && returning.chance(0.15)
      ? withReturns(returning, [...runs, ...more])
      : [...runs, ...more];
  const strange = random.fork("oddities");
  const isOdd = temper.faults > 0 && strange.chance(0.3);
  const named = {
    actors: theme ? [...ACTORS, ...WIDER_ACTORS] : ACTORS,
    tasks: [...(theme ? WIDER_TASKS : []), ...(hasBudgets ? BUDGET_TASKS : [])],
    runs: (isOdd ? withOddities(strange, activeMs, all) : all).map(
      (run, index): RunScript => ({ label: `run ${index}`, ...run }),
    ),
  };
  const restless = random.fork("changes");
  const hasChanges = temper.faults > 0 && restless.chance(0.2);
  const schedules = random.fork("schedules");
  const ticking = random.fork("ticks");
  const dates = random.fork("dates");
  // Where no answer shows the time, nobody can tell a clock that is wrong.
  const areDatesBad = temper.faults > 0 && !areClocksBad(ticking, temper) && dates.chance(0.15);
  const refusing = random.fork("refusals");
  const refusals = temper.faults > 0 && refusing.chance(0.3) ? randomRefusals(refusing, activeMs, named) : [];
  const swapping = random.fork("tokens");
  const { tokens, secrets } =
    temper.faults > 0 && swapping.chance(0.1)
      ? randomTokens(swapping, activeMs, named)
      : { tokens: {}, secrets: [{ fromMs: 0, token: FIRST_TOKEN }] };
  const times = (count: number): readonly number[] =>
    Array.from({ length: count }, () => random.int(15_000, activeMs));
  const aiming = random.fork("aim");
  const aim = isAimed ? randomAim(aiming, temper.faults === 0, isNewer) : undefined;
  const policy = randomPolicy(random.fork("policy"), { ...(theme && { theme }), hasBudgets });
  const ticks = [...randomTicks(ticking, activeMs, temper)];
  const adding = random.fork("settings");
  const hasMore = isMore && temper.faults > 0 && adding.chance(0.25);
  const world: World = {
    name: `seed ${seed}`,
    about: "A world of the simulation.",
    ...named,
    tokens,
    ...(hasChanges && { changes: randomChanges(restless, activeMs, named) }),
    ...(schedules.chance(0.15) && { schedules: randomSchedules(schedules, activeMs) }),
    ...(areDatesBad && { date: randomDates(dates, activeMs) }),
    ...(dates.chance(0.2) && {
      outsideUsdPerHour: dates.between(0, 3),
      outsideJumps: [{ afterMs: activeMs / 2, usd: 5 }],
    }),
    ...(hasBudgets && { cycleStart: randomCycle(spending) }),
    faults: [...refusals, ...randomFaults(random.fork("faults"), activeMs, temper.faults)],
  };
  const whole = hasMore ? withMore(adding, activeMs, world) : world;
  const coming = random.fork("newer");
  const last = isNewer && temper.faults > 0 && coming.chance(0.4) && withNewer(coming, activeMs, whole);
  return {
    seed,
    activeMs,
    calmMs,
    ...(theme && { theme }),
    hasBudgets,
    policy,
    climate: temper,
    storage: random.fork("storage").chance(ON_DYNAMO) ? "dynamo" : "memory",
    world: last ? last.world : whole,
    hasMore,
    ...(last && { newer: last.newer }),
    hasRival: temper.faults > 0 && random.fork("rival").chance(0.08),
    isOdd,
    secrets,
    ticks: [...(aim ? aimedTicks(aiming, ticks, policy, activeMs) : ticks), ...calmTicks(activeMs, calmMs)],
    operatorsAtMs: times(random.chance(0.3) ? 0 : random.int(1, 8)),
    restores: random.fork("restores").chance(temper.restores)
      ? randomRestores(random.fork("restored"), activeMs)
      : [],
    badLaptops: !areDatesBad && random.fork("laptops").chance(temper.badClocks),
    usersAtMs: times(random.int(0, 4)),
    nerves: random.pick([0, 0, 0.3, 0.7]),
    abortEndpoint: random.chance(0.2) ? "acts" : "actor-runs",
    ...(aim && { aim }),
  };
}
