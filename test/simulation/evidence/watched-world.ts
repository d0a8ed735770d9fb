import type { RunScript } from "../../../emulator/index.ts";
import { seededRandom } from "../random.ts";
import { PARTS } from "../shrink/cut.ts";
import type { Rule } from "../world/document.ts";
import type { Plan } from "../world/plan.ts";
import { randomRun } from "../world/runs.ts";

/** Nothing but runs, rules and ticks: pauses, exemptions and what else comes between are not back-tested. */
export const ALONE = Object.fromEntries(
  PARTS.filter((part) => part !== "runs" && part !== "rules" && part !== "ticks").map((part) => [part, []]),
);
const MINUTE = 60_000;
const MORE_RUNS = 8;
/** So many runs of a world are never seen to end otherwise. */
const LASTS_MS = [4, 9, 17, 28, 44].map((minutes) => minutes * MINUTE);
const LONGEST_QUEUE_MS = 25 * MINUTE;

/**
 * The rules of one kind: limits on runs, or budgets; or limits of which all is known that they rest on: that on time, and on what
 * a run was started with.
 */
export const KINDS = ["limits", "known", "budgets"] as const;
export type Kind = (typeof KINDS)[number];

const BY_TIME = ["runTime", "queueTime", "abortingTime", "noTimeout", "timeout", "noCap"];
const TOLD = { limits: ["usageTotalUsd", ...BY_TIME], known: BY_TIME, budgets: [] } as const;

/** A rule as far as a back-test can tell: one that it leaves out may hide what others decide. */
function simulatedRule({ mode: _own, schedule: _when, ...rule }: Rule, kind: Kind): Rule | undefined {
  const steps = rule.steps
    .filter(({ basis = "actual" }) => basis === "actual")
    .map(({ schedule: _then, ...step }) => step);
  const { limit = {}, budget } = rule;
  const told: readonly string[] = TOLD[kind];
  const isTold = budget ? budget.per !== "cycle" : Object.keys(limit).every((key) => told.includes(key));
  const isMeant = isTold && steps.length > 0 && (budget !== undefined) === (kind === "budgets");
  return isMeant ? { ...rule, steps } : undefined;
}

const moreRuns = ({ seed, activeMs }: Plan): readonly RunScript[] => {
  const random = seededRandom(seed, "back-test");
  return Array.from({ length: MORE_RUNS }, (_, i) => ({
    ...randomRun(random, activeMs),
    label: `more ${i}`,
  }));
};

/** So long after its end a run's figures rest. */
const RESTS_MS = 20 * MINUTE;

type Ends = NonNullable<RunScript["ends"]>;

/** When the run ends: as it would, or so, and with time for its figures to rest where it can. */
function inTime(
  { activeMs, calmMs }: Plan,
  { startsAfterMs = 0, readyForMs = 0, ends: own }: RunScript,
  otherwise: Ends,
): Ends {
  const ends = own ?? otherwise;
  const queueMs = Math.min(readyForMs, LONGEST_QUEUE_MS);
  const leftMs = activeMs + calmMs - RESTS_MS - startsAfterMs - queueMs;
  return { ...ends, afterMs: Math.min(ends.afterMs, Math.max(MINUTE, leftMs)) };
}

/**
 * As far as it is told: where all is to be known, plainly. Of no run the settings are left out: when they were told is not recorded, and
 * a rule that rests on them judges from then on.
 */
function plainly(run: RunScript, kind: Kind): RunScript {
  const { fields, ...others } = run;
  const hidesSettings = /options|pricingInfo|buildNumber/.test(JSON.stringify(fields ?? {}));
  if (kind !== "known") return hidesSettings ? others : run;
  const { shownAs: _status, costMissing: _cost, stale: _late, ...plain } = others;
  return plain;
}

/** The world of a seed in observe mode, looked at once a minute, in which all that is started ends. */
export const watched =
  (kind: Kind) =>
  (plan: Plan): Plan => {
    const { changes: _changes, date: _date, ...world } = plan.world;
    // What a budget would have stopped before anybody watched changes all that comes after it.
    const isMeant = ({ startsAfterMs = 0 }: RunScript) => kind !== "budgets" || startsAfterMs >= 0;
    const [secret] = plan.secrets;
    return {
      ...plan,
      world: {
        ...world,
        runs: [...world.runs, ...moreRuns(plan)].filter(isMeant).map((run, i) => ({
          ...plainly(run, kind),
          readyForMs: Math.min(run.readyForMs ?? 0, LONGEST_QUEUE_MS),
          ends: inTime(plan, run, { afterMs: LASTS_MS[i % LASTS_MS.length] ?? MINUTE, status: "SUCCEEDED" }),
        })),
      },
      secrets: secret ? [secret] : [],
      policy: {
        ...plan.policy,
        mode: "observe",
        rules: plan.policy.rules.flatMap((rule) => simulatedRule(rule, kind) ?? []),
      },
      ticks: Array.from({ length: (plan.activeMs + plan.calmMs) / MINUTE - 2 }, (_, minute) => ({
        atMs: 10_000 + minute * MINUTE + ((plan.seed * 7919 + minute * 104_729) % 1_500),
        timeoutMs: 55_000,
        signalAfterMs: 45_000,
        ...(plan.seed % 2 === 0 && { watchMs: 40_000 }),
        isWarm: true,
      })),
    };
  };
