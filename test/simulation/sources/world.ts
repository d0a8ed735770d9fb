import type { Fault, ScheduleSpec, WorldFault } from "../../../emulator/index.ts";
import { type Random, seededRandom } from "../random.ts";
import { aimedTicks } from "../world/aims.ts";
import type { Document, Rule } from "../world/document.ts";
import type { Plan } from "../world/plan.ts";

/** Worlds whose runs are started by schedules, which the watchdog holds and lets go. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const STEPS: readonly Rule["steps"][] = [
  [{ at: "60%", do: "hold" }],
  [{ at: "100%", do: "hold" }],
  [
    { at: "50%", do: "hold" },
    { at: "100%", do: "abort" },
  ],
  [
    { at: "50%", do: "notify" },
    { at: "90%", do: "hold" },
    { at: "130%", do: "abort" },
  ],
  [
    { at: "100%", do: "hold" },
    { at: "100%", do: "abort" },
  ],
  [{ at: "150%", do: "hold", basis: "projected" }],
];

const SELECTORS = [
  { actors: ["acme/shop-*"] },
  { origins: ["SCHEDULER"] },
  { except: { actors: ["acme~news-monitor"] } },
] as const;

function budgetRule(random: Random, id: string): Rule {
  const counts = random.chance(0.3)
    ? random.pick([{ runs: random.int(3, 12) }, { failures: random.int(2, 6) }])
    : undefined;
  return {
    id,
    ...(random.chance(0.08) && { mode: "observe" as const }),
    ...(random.chance(0.3) && { for: random.pick(SELECTORS) }),
    budget: {
      ...(counts ?? { usd: random.pick([0.2, 0.5, 1, 2, 5]) }),
      per: random.pick(["hour", "hour", "hour", "day"] as const),
      each: random.pick(["account", "account", "actor", "task", "origin"] as const),
    },
    steps: counts ? [{ at: random.pick(["60%", "100%"]), do: "hold" }] : random.pick(STEPS),
  };
}

/** A run may last no longer: what a schedule starts again is stopped again. */
const loopRule = (random: Random): Rule => ({
  id: "time-0",
  limit: { runTime: `${random.int(1, 5)}m` },
  steps: [{ at: "100%", do: "abort" }],
});

export function sourcePolicy(random: Random): Document {
  const forceAfter = `${random.pick([30, 60])}s`;
  const loops = random.chance(0.4);
  const budgets = Array.from({ length: random.int(loops ? 0 : 1, 2) }, (_, i) =>
    budgetRule(random, `budget-${i}`),
  );
  return {
    version: 1,
    mode: random.chance(0.92) ? "enforce" : "observe",
    escalation: { forceAfter, alarmAfter: "5m" },
    guards: {
      maxAborts: { perTick: 10, perHour: random.pick([5, 30, 100]), percentOfLive: 100 },
      ...(random.chance(0.4) && { maxHolds: random.pick([0, 1, 1, 2]) }),
      ...(random.chance(0.3) && { staleAfter: "4m" }),
      ...(random.chance(0.7) && {
        loop: {
          stops: 3,
          within: random.pick(["5m", "10m", "30m", "1h"]),
          do: random.pick(["hold", "hold", "notify"]),
        },
      }),
    },
    rules: [...budgets, ...(loops || random.chance(0.3) ? [loopRule(random)] : [])],
  };
}

const ACTORS = ["acme/shop-products", "acme/shop-search", "acme/news-monitor"] as const;

/** Starts a run each few minutes, which ends well or badly soon, or never. */
function scheduleSpec(random: Random, index: number): ScheduleSpec {
  const actor = random.pick(ACTORS);
  const lastsMs = random.pick([MINUTE, 3 * MINUTE, 8 * MINUTE, HOUR]);
  const everyMs = random.int(2, 5) * MINUTE;
  return {
    id: `scheduleNo${index}abcdef`,
    name: `schedule-${index}`,
    ...(random.chance(0.3)
      ? { cron: `*/${everyMs / MINUTE} * * * *` }
      : { everyMs, fromMs: random.int(-10, 5) * MINUTE }),
    starts: {
      label: `schedule ${index}`,
      actor,
      ...(actor === "acme/shop-products" && random.chance(0.5) && { task: "shop-daily" }),
      cost: random.pick([1, 4, 12]),
      readyForMs: random.int(0, 8_000),
      usageLagMs: random.pick([0, 2_000, 30_000]),
      ends: { afterMs: lastsMs, status: random.pick(["SUCCEEDED", "SUCCEEDED", "FAILED"] as const) },
    },
    ...(random.chance(0.2) && { isExclusive: true as const }),
    ...(random.chance(0.3) && { catchesUp: true as const }),
  };
}

const REQUESTS = ["schedules", "schedule", "schedule", "update-schedule", "update-schedule"] as const;

const FAULTS: readonly ((random: Random) => Fault)[] = [
  (random) => ({ kind: "status", status: random.pick([500, 502, 503]), afterEffect: random.chance(0.5) }),
  (random) => ({ kind: "html", status: random.pick([403, 503]), afterEffect: random.chance(0.5) }),
  () => ({ kind: "rate-limit" }),
  () => ({ kind: "bad-json" }),
  () => ({ kind: "no-data" }),
  (random) => ({
    kind: "refused",
    because: random.pick(["permissions", "permissions", "not-found"] as const),
  }),
  (random) => ({ kind: "slow", delayMs: random.pick([1_000, 6_000, 9_000, 15_000]) }),
  (random) => ({ kind: "reset", afterEffect: random.chance(0.5), delayMs: random.int(0, 3_000) }),
  () => ({ kind: "empty-list" }),
  () => ({ kind: "hang" }),
];

function scheduleFaults(random: Random, activeMs: number): readonly WorldFault[] {
  return Array.from({ length: random.int(0, 6) }, (): WorldFault => {
    const fromMs = random.int(0, activeMs);
    return {
      match: { kind: random.pick(REQUESTS) },
      fault: random.pick(FAULTS)(random),
      times: random.chance(0.3) ? Number.POSITIVE_INFINITY : random.int(1, 4),
      fromMs,
      untilMs: Math.min(activeMs, fromMs + random.int(1, 30) * MINUTE),
    };
  });
}

/** Apify's schedules stay as they are, whoever asks: what else the watchdog does must not hang on them. */
const lastingFaults = (random: Random): readonly WorldFault[] => {
  if (!random.chance(0.12)) return [];
  const fault = random.pick<Fault>([
    { kind: "refused", because: "permissions" },
    { kind: "status", status: 503 },
    { kind: "hang" },
    { kind: "bad-json" },
  ]);
  const kinds = random.pick([
    ["schedules"],
    ["schedule"],
    ["update-schedule"],
    [...new Set(REQUESTS)],
  ] as const);
  return kinds.map((kind) => ({ match: { kind }, fault }));
};

/** When windows turn, ticks come as near to it as they can. */
const TURN_MS = HOUR;

/** The world of a seed with schedules that start most of its runs, under a policy that holds them. */
export function withSources(plan: Plan, { isAimed = true } = {}): Plan {
  const random = seededRandom(plan.seed, "sources");
  const { activeMs } = plan;
  const isFair = plan.climate.networkFails + plan.climate.networkSlow === 0;
  const policy = sourcePolicy(random);
  const schedules = Array.from({ length: random.int(1, 3) }, (_, index) => scheduleSpec(random, index));
  const faults = isFair ? [] : scheduleFaults(random, activeMs);
  const times = (most: number): readonly number[] =>
    Array.from({ length: random.int(0, most) }, () => random.int(MINUTE, activeMs));
  const chance = random.pick([0.1, 0.25, 0.45]);
  const mayAim = random.chance(0.8) && isAimed;
  const aim = mayAim ? { chance, isHarsh: !isFair, isClose: false, isOfSources: true } : undefined;
  const active = plan.ticks.filter(({ atMs }) => atMs < activeMs);
  const calm = plan.ticks.filter(({ atMs }) => atMs >= activeMs);
  const turned = activeMs > TURN_MS ? aimedTicks(random, active, policy, activeMs) : active;
  const { aim: _own, theme: _theme, ...rest } = plan;
  return {
    ...rest,
    policy,
    ticks: [...(aim ? turned : active), ...calm],
    ...(aim && { aim }),
    hasRival: false,
    hasBudgets: true,
    operatorsAtMs: plan.operatorsAtMs.slice(0, random.int(0, 2)),
    world: {
      ...plan.world,
      runs: plan.world.runs.slice(0, 3),
      tasks: [
        ...(plan.world.tasks ?? []).filter(({ name }) => name !== "shop-daily"),
        { name: "shop-daily", actor: "acme/shop-products" },
      ],
      schedules,
      faults: [...(plan.world.faults ?? []), ...faults],
    },
    sources: {
      consoleAtMs: times(4),
      ordersAtMs: times(6),
      lasting: isFair ? [] : lastingFaults(random),
    },
  };
}
