import type { RunScript, TaskSpec, World } from "../../../emulator/index.ts";
import type { Random } from "../random.ts";
import type { Document, Rule } from "./document.ts";
import { zone } from "./windows.ts";

/** Budgets as a person would write them, and what uses them up. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const STEPS: readonly Rule["steps"][] = [
  [{ at: "100%", do: "abort" }],
  [
    { at: "50%", do: "notify" },
    { at: "100%", do: "abort" },
  ],
  [
    { at: "80%", do: "notify" },
    { at: "100%", do: "abort-now" },
  ],
  [
    { at: "90%", do: "abort" },
    { at: "130%", do: "abort-now" },
  ],
  [
    { at: "50%", do: "notify" },
    { at: "100%", do: "notify", basis: "projected" },
    { at: "100%", do: "abort" },
  ],
  [
    { at: "80%", do: "notify", basis: "projected" },
    { at: "120%", do: "abort", basis: "projected" },
  ],
];

const SELECTORS = [
  { actors: ["acme/shop-*"] },
  { origins: ["API", "SCHEDULER", "STANDBY"] },
  { tasks: ["shop-*"] },
  { except: { actors: ["acme~news-monitor"] } },
  { actors: ["acme/*"], except: { origins: ["WEB"] } },
] as const;

function budgetRule(random: Random, id: string): Rule {
  const each = random.pick(["account", "account", "actor", "actor", "task", "origin"] as const);
  return {
    id,
    ...(random.chance(0.15) && { mode: random.pick(["observe", "enforce"] as const) }),
    ...(random.chance(0.3) && { for: random.pick(SELECTORS) }),
    budget: {
      usd: random.pick([0.2, 0.5, 1, 2, 5, 10, 25]),
      per: random.pick(["hour", "hour", "day", "day", "week", "month", "cycle"] as const),
      ...(each !== "account" && { each }),
    },
    steps: random.pick(STEPS),
  };
}

/** The policy with budgets in it. */
export function budgeted(random: Random, policy: Document): Document {
  const rules = Array.from({ length: random.int(1, 3) }, (_, index) => budgetRule(random, `budget-${index}`));
  // Limits on single runs would often stop what a budget is to stop.
  const old = policy.rules.slice(0, random.pick([0, 0, 1, policy.rules.length]));
  return {
    ...policy,
    ...(policy.timeZone === undefined && random.chance(0.4) && { timeZone: zone(random) }),
    guards: { ...policy.guards, ...(random.chance(0.6) && { staleAfter: random.pick(["2m", "4m", "10m"]) }) },
    rules: [...old, ...rules],
  };
}

export const BUDGET_TASKS: readonly TaskSpec[] = [{ name: "shop-daily", actor: "acme/shop-products" }];

/** Some runs as runs of a task. */
export const ofTasks = (random: Random, runs: readonly RunScript[]): readonly RunScript[] =>
  runs.map((run) =>
    run.actor === "acme/shop-products" && random.chance(0.5) ? { ...run, task: "shop-daily" } : run,
  );

/** Runs that ended before the watchdog was there: on this day, on the day before, or only just. */
export const pastRuns = (random: Random): readonly RunScript[] =>
  Array.from({ length: random.int(0, 6) }, (): RunScript => {
    const agoMs = random.pick([20 * MINUTE, 3 * HOUR, 30 * HOUR, 80 * HOUR]);
    return {
      actor: random.pick(["acme/shop-products", "acme/shop-search", "acme/news-monitor"]),
      origin: random.pick(["API", "SCHEDULER"]),
      startsAfterMs: -random.int(agoMs / 2, agoMs),
      readyForMs: 0,
      cost: random.pick([0.5, 2, 8]),
      ends: { afterMs: random.int(MINUTE, agoMs / 2), status: "SUCCEEDED" },
    };
  });

/** Usage cycles that began long ago or just now, or begin anew while the world is played. */
export const randomCycle = (random: Random): NonNullable<World["cycleStart"]> =>
  random.pick([{ day: 1 }, { day: 1, hour: 8 }, { day: 1, hour: 9 }, { day: 20, hour: 12 }]);
